/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exercises a part of libstb-dev: images, containers, a lexer, numbers, noise, rectangles. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STB_DS_IMPLEMENTATION
#include <stb/stb_ds.h>
#ifdef __mips__		/* QEMU's traps on words that are not aligned */
#define STB_SPRINTF_NOUNALIGNED
#endif
#define STB_SPRINTF_IMPLEMENTATION
#include <stb/stb_sprintf.h>
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>
#define STBI_NO_SIMD
#define STBI_NO_HDR
#define STBI_NO_LINEAR
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb/stb_image_resize.h>
#define STB_RECT_PACK_IMPLEMENTATION
#include <stb/stb_rect_pack.h>
#define STB_PERLIN_IMPLEMENTATION
#include <stb/stb_perlin.h>
#define STB_C_LEXER_IMPLEMENTATION
#include <stb/stb_c_lexer.h>
#define STB_DXT_IMPLEMENTATION
#include <stb/stb_dxt.h>

enum { W = 24, H = 17 };

struct buffer {
	unsigned char *p;
	int n;
};

static void append(void *to, void *data, int n)
{
	struct buffer *b = to;

	b->p = realloc(b->p, (size_t)(b->n + n));
	memcpy(b->p + b->n, data, (size_t)n);
	b->n += n;
}

static unsigned sum(const void *p, int n)
{
	const unsigned char *c = p;
	unsigned s = 1;

	while (n--)
		s = s * 31 + *c++;
	return s;
}

static void paint(unsigned char *p)
{
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++, p += 3) {
			p[0] = (unsigned char)(x * 10);
			p[1] = (unsigned char)(y < H / 2 ? 200 : y * 8);
			p[2] = (unsigned char)(128 + 100 * stb_perlin_noise3((float)x / 7, (float)y / 5, 0.5f, 0, 0, 0));
		}
}

static void images(void)
{
	static unsigned char rgb[W * H * 3], half[W * H * 3 / 4], dxt[16], block[64];
	struct buffer b = { NULL, 0 };
	int x, y, n;
	unsigned char *back;

	paint(rgb);
	stbi_write_png_to_func(append, &b, W, H, 3, rgb, W * 3);
	back = stbi_load_from_memory(b.p, b.n, &x, &y, &n, 0);
	printf("png %d %d %d %d %d\n", b.n > 0, x, y, n, back && !memcmp(back, rgb, sizeof rgb));
	stbi_image_free(back);
	back = stbi_load_from_memory(b.p, 40, &x, &y, &n, 0);
	printf("cut %s\n", back ? "loaded" : stbi_failure_reason());
	b.n = 0;
	stbi_write_bmp_to_func(append, &b, W, H, 3, rgb);
	back = stbi_load_from_memory(b.p, b.n, &x, &y, &n, 4);
	printf("bmp %d %d %d\n", x, y, back ? back[3] : -1);
	stbi_image_free(back);
	b.n = 0;
	stbi_write_tga_to_func(append, &b, W, H, 3, rgb);
	back = stbi_load_from_memory(b.p, b.n, &x, &y, &n, 1);
	printf("tga %d %d\n", b.n, back != NULL);
	stbi_image_free(back);
	stbir_resize_uint8(rgb, W, H, 0, half, W / 2, H / 2, 0, 3);
	for (int i = 0; i < 64; i++)
		block[i] = (unsigned char)(rgb[i] ^ i);
	stb_compress_dxt_block(dxt, block, 0, STB_DXT_NORMAL);
	printf("resized %u dxt %u\n", sum(half, 16) != 0, sum(dxt, 8) != 0);
	free(b.p);
}

static void containers(void)
{
	struct { char *key; int value; } *words = NULL;
	struct { int key; double value; } *numbers = NULL;
	int *list = NULL;
	char key[16];

	sh_new_arena(words);
	for (int i = 0; i < 100; i++) {
		stbsp_snprintf(key, sizeof key, "k%d", i % 37);
		shput(words, key, i);
		hmput(numbers, i * 7919 % 101, i / 2.0);
		arrput(list, i * i);
	}
	for (int i = 0; i < 60; i += 3)
		(void)hmdel(numbers, i);
	arrins(list, 5, 42);
	arrdel(list, 9);
	printf("%d %d %d %d\n", (int)shlen(words), (int)hmlen(numbers), (int)arrlen(list), shget(words, "k5"));
	shfree(words);
	hmfree(numbers);
	arrfree(list);
}

static void texts(void)
{
	char s[200];

	stbsp_sprintf(s, "%d %5d|%-5d|%05d %x %X %#o %u", -3, 42, 42, 42, 0xbeef, 0xBEEF, 8, 3000000000u);
	puts(s);
	stbsp_sprintf(s, "%f %.3f %e %g %10.2f %s %.2s %c %%", 3.25, -0.0625, 12345.678, 1e-5, 99.995, "text", "cut", 'c');
	puts(s);
	stbsp_snprintf(s, 8, "%s", "much too long for it");
	puts(s);
	stbsp_sprintf(s, "%'d %lld %b", 1234567, 123456789012345ll, 37);
	puts(s);
}

static void lexer(void)
{
	static char store[256];
	const char *text = "int f(int a) { /* c */ return a << 2 >= 0x1f ? 1.5e3 : 'q'; } // end\n\"s\\n\" += ->";
	stb_lexer lex;
	int kinds = 0, n = 0;

	stb_c_lexer_init(&lex, text, text + strlen(text), store, sizeof store);
	while (stb_c_lexer_get_token(&lex)) {
		n++;
		kinds += lex.token >= CLEX_first_unused_token ? 0 : lex.token > 255;
	}
	printf("tokens %d %d\n", n, kinds);
}

static void rectangles(void)
{
	stbrp_context c;
	stbrp_node node[32];
	stbrp_rect r[20];
	int packed = 0;

	for (int i = 0; i < 20; i++)
		r[i] = (stbrp_rect){ .id = i, .w = 3 + i * 7 % 11, .h = 2 + i * 5 % 9 };
	stbrp_init_target(&c, 32, 40, node, 32);
	stbrp_pack_rects(&c, r, 20);
	for (int i = 0; i < 20; i++)
		packed += r[i].was_packed;
	printf("packed %d\n", packed);
}

int main(void)
{
	images();
	containers();
	texts();
	lexer();
	rectangles();
	return 0;
}
