# Turns the sections of a page in docs/commands into sections of a man page. Knows the Markdown that these pages use: headings,
# paragraphs, code indented by four spaces, bullets, tables, `code`, **bold** and [links](...).
function roff(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  gsub(/\*\*/, "", text)
  gsub(/`/, "", text)
  while (match(text, /\[[^]]*\]\([^)]*\)/)) {
    label = substr(text, RSTART + 1, RLENGTH - 2)
    sub(/\].*/, "", label)
    text = substr(text, 1, RSTART - 1) label substr(text, RSTART + RLENGTH)
  }
  if (text ~ /^[.']/) text = "\\&" text
  return text
}
# Starts a paragraph, except right after a heading, which starts one itself.
function paragraph() {
  if (!after_heading) print ".PP"
  after_heading = 0
}
function preformatted(on) {
  if (on == in_block) return
  if (on) paragraph()
  print on ? ".RS 4\n.nf" : ".fi\n.RE"
  in_block = on
}
# A row of a table: the first cell is the tag, the others are its text.
function row(line,    cells, count, i, text) {
  sub(/^\| */, "", line)
  sub(/ *\| *$/, "", line)
  count = split(line, cells, / *\| */)
  for (i = 2; i <= count; i++) if (cells[i] != "") text = text (text == "" ? "" : "; ") cells[i]
  printf ".TP\n.B %s\n%s\n", roff(cells[1]), text == "" ? "\\&" : roff(text)
}
/^## / {
  preformatted(0)
  heading = toupper(substr($0, 4))
  sub(/EXIT CODES/, "EXIT STATUS", heading)
  printf ".SH \"%s\"\n", roff(heading)
  in_section = after_heading = 1
  next
}
!in_section { next }
/^$/ { blank = 1; in_table = 0; next }
# The heading of a table and the line below it.
/^\|/ && !in_table { in_table = 1; next }
/^\| *:?-/ { next }
/^\|/ { preformatted(0); row($0); blank = after_heading = 0; next }
{ in_table = 0 }
/^    / {
  if (in_block && blank) print ""
  preformatted(1)
  print roff(substr($0, 5))
  blank = 0
  next
}
/^- / { preformatted(0); printf ".IP \\(bu 2\n%s\n", roff(substr($0, 3)); blank = after_heading = 0; next }
{
  preformatted(0)
  if (blank) paragraph()
  sub(/^ +/, "")
  print roff($0)
  blank = 0
}
END { preformatted(0) }
