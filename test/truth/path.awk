# SPDX-License-Identifier: GPL-3.0-or-later
# A file's name as all compare it: a/./b and a/x/../b are a/b.
function path(p) {
	while (gsub(/\/\.\//, "/", p)) ;
	while (sub(/\/[^\/]+\/\.\.\//, "/", p)) ;
	return p
}
