# Lists the options in a help text, one per line: NAME VALUES, where VALUES is empty (a flag), `a b c` (a choice), @file or @text.
# The help of the window writes <FILE> where that of paramixer writes FILE.
/^  (-[a-z], )?--[a-z]/ {
  sub(/^  (-[a-z], )?/, "")
  option = $1
  rest = substr($0, length(option) + 1)
  values = ""
  # A flag's help starts after more than one space, or is a sentence in lower case.
  if (rest ~ /^ [^ ]/ && $2 ~ /^<?[A-Z][A-Z:\/,.-]*[A-Za-z]*>?$|\|/) {
    values = $2
    gsub(/[<>]/, "", values)
    sub(/\[.*\]/, "", values)
    if (values ~ /\|/) gsub(/\|/, " ", values)
    else values = values ~ /^(FILE|FASTA|TSV|JSON|CSV|F|PREFIX)$/ ? "@file" : "@text"
  }
  print option, values
}
