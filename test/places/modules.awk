# SPDX-License-Identifier: GPL-3.0-or-later
# Holds blocks of modules that etrace-sym placed against what the guest said of its modules.
#     awk -f hex.awk -f modules.awk layout truth placed trace
# layout: layout.awk's; truth: truth.awk's; placed: etrace-sym's E, A and P records; trace: etrace-cat's E and T
# records.  When a block first ran is known from the programs /mark/N, whose blocks show where step N begins.
# out: section	file	section	from	to	blocks	right	wrong	none	executions	executions right
#      block	wrong	address	bytes' token	what it is	what etrace-sym says
#      record	wrong	the A record
#
# Where another module has the same bytes at the same address later, the trace has one block for both: of the first.
BEGIN { FS = OFS = "\t" }

function file_of(module) { return module in name_of ? name_of[module] : module ".ko" }

# A life is a section with code while it was at an address: [from, to], steps.
function new_life(module, section, address, from, to,    file, lo, page) {
	file = file_of(module)
	if (!((file, section) in size))
		return
	n++
	life_file[n] = file
	life_section[n] = section
	base[n] = lo = num(address)
	end[n] = lo + size[file, section]
	first[n] = from + 0
	# What init needs is freed when init is done.
	last[n] = section ~ /^\.init/ ? from + 0 : to == "-" ? 1e9 : to + 0
	for (page = int(lo / 4096) - 1; page * 4096 < end[n]; page++)
		lives[page] = lives[page] " " n
	known[file, section, lo] = n
}

# The life at an address in a step; 0 for none.
function life_at(address, step,    ids, i, k) {
	k = split(lives[int(address / 4096)], ids, " ")
	for (i = 1; i <= k; i++)
		if (base[ids[i]] <= address && address < end[ids[i]] && first[ids[i]] <= step && step <= last[ids[i]])
			return ids[i]
	return 0
}

# What section of FILE the linked address is in: sets at_section and at_offset.
function locate(file, linked,    i) {
	for (i = 1; i <= sections[file]; i++) {
		at_section = section_of[file, i]
		at_offset = linked - start[file, at_section]
		if (at_offset >= 0 && at_offset < size[file, at_section])
			return 1
	}
	return 0
}

function record(line, lo, file, linked) {
	if (!locate(file, linked) || !((file, at_section, lo - at_offset) in known))
		print "record", "wrong", line
}

# Whether etrace-sym's FILE and LINKED is a life at ADDRESS: its number, or 0.
function claimed(file, linked, address) {
	if (locate(file, linked) && (file, at_section, address - at_offset) in known)
		return known[file, at_section, address - at_offset]
	return 0
}

# Step N of the guest's code that calls _exit(N), or 0.
function marked(code) {
	if (code ~ /^....80d2a80b80d2010000d4$/)
		return num(substr(code, 3, 2)) * 8 + int(num(substr(code, 1, 2)) / 32)
	if (code ~ /^bf....0000b83c0000000f05$/)
		return num(substr(code, 5, 2)) * 256 + num(substr(code, 3, 2))
	return 0
}

function judge(token, address, count, file, linked,    key, id, said) {
	key = token SUBSEP address
	address = num(address)
	if (!(int(address / 4096) in lives))
		return
	id = life_at(address, step_of[key])
	if (!id)
		return
	blocks[id]++
	executions[id] += count
	if (file == "") {
		none[id]++
		return
	}
	said = claimed(file, num(linked), address)
	if (said && life_file[said] == life_file[id] && life_section[said] == life_section[id] &&
	    base[said] == base[id]) {
		right[id]++
		executions_right[id] += count
		return
	}
	wrong[id]++
	print "block", "wrong", $5, token, life_file[id] life_section[id] "+" address - base[id], file "+" linked
}

FNR == 1 { part++ }
part == 1 {
	start[$1, $2] = $3
	size[$1, $2] = $4
	section_of[$1, ++sections[$1]] = $2
	module = substr($1, 1, length($1) - 3)
	gsub(/-/, "_", module)
	name_of[module] = $1
	next
}
part == 2 { new_life($1, $2, $3, $4, $5); next }
part == 3 && $1 == "A" && $2 in sections { record($0, num($3), $2, num($5)) }
part == 3 && $1 == "E" { e++; name[e] = $4 ~ /^[:-]/ ? "" : $4; at[e] = $5 }
part == 3 && $1 == "P" { late_name[$2, $3, $4] = $5; late_at[$2, $3, $4] = $6 }
part == 3 { next }
$1 == "T" { if (m = marked($6)) step = m; if (!(($3, $4) in step_of)) step_of[$3, $4] = step; next }
$1 == "E" {
	i++
	if (name[i] == "" && ($4, $5, $6) in late_name)
		judge($4, $5, $7, late_name[$4, $5, $6], late_at[$4, $5, $6])
	else
		judge($4, $5, $7, name[i], at[i])
}
END {
	for (id = 1; id <= n; id++)
		if (blocks[id])
			print "section", life_file[id], life_section[id], first[id], last[id] == 1e9 ? "-" : last[id], \
				blocks[id], right[id] + 0, wrong[id] + 0, none[id] + 0, executions[id], \
				executions_right[id] + 0
}
