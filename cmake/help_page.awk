# Turns the help of a program or command into a man page:
# awk -v name=paramixer-scan -v version=0.1.0 -v date=2026-01-31 -v synopsis=...
# Parts of a help: "Usage:", a description, headings that end in a colon, indented lines below them. With examples=0 the
# example at the end is left out, because the page in docs/commands has more.
function roff(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  if (text ~ /^[.']/) text = "\\&" text
  return text
}
function preformatted(on) {
  if (on != in_block) print on ? ".nf" : ".fi"
  in_block = on
}
NR == 1 {
  printf ".TH %s 1 \"%s\" \"paramixer %s\" \"User Commands\"\n", toupper(roff(name)), date, version
  printf ".SH NAME\n%s \\- %s\n", roff(name), roff(about)
  sub(/^Usage: [^ ]*/, "")
  printf ".SH SYNOPSIS\n.B %s\n%s\n.SH DESCRIPTION\n", roff(program), roff(substr($0, 2))
  after_heading = 1
  next
}
/^$/ { blank = 1; next }
examples == "0" && /^Example:$/ { exit }
/^[^ ].*:$/ && blank && !after_heading {
  preformatted(0)
  heading = toupper(substr($0, 1, length($0) - 1))
  gsub(/"/, "", heading)
  printf ".SH \"%s\"\n", roff(heading)
  blank = 0
  after_heading = 1
  next
}
/^  |^[^ ]+   *[^ ]/ { preformatted(1) }  # Options and lists keep their columns.
/^[^ ]+( [^ ]|$)/ { preformatted(0) }
{
  if (blank && !after_heading) print in_block ? "" : ".PP"
  blank = after_heading = 0
  print roff($0)
}
END { preformatted(0) }
