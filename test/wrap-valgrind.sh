#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes build/valgrind/bin, where each program is a script that runs the real one under valgrind.
cd "$(dirname "$0")/.." || exit 3
mkdir -p build/valgrind/bin
for p; do
	cat >"build/valgrind/bin/$p" <<EOF
#!/bin/sh
exec valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \\
	--log-file=$PWD/build/valgrind/$p.%p.log $PWD/bin/$p "\$@"
EOF
	chmod +x "build/valgrind/bin/$p"
done
