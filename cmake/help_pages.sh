#!/bin/sh
# Writes man pages and completions from the programs' own help and the pages in docs/commands:
# help_pages.sh SOURCE_DIR VERSION OUT PARAMIXER [PARAMIXER_GUI]
set -eu
scripts=$1/cmake docs=$1/docs/commands version=$2 out=$3 paramixer=$4 gui=${5:-}
date=$(date -u ${SOURCE_DATE_EPOCH:+"-d@$SOURCE_DATE_EPOCH"} +%F)
export LC_ALL=C QT_QPA_PLATFORM=offscreen XDG_RUNTIME_DIR=/tmp
rm -rf "$out.part"
mkdir -p "$out.part/man" "$out.part/bash" "$out.part/zsh" "$out.part/help"

page() {  # page NAME PROGRAM ABOUT [DOCS]: synopsis, description and options from help/NAME, the other sections from DOCS.md
  {
    awk -v name="$1" -v program="$2" -v about="$3" -v version="$version" -v date="$date" -v examples="${4:+0}" \
      -f "$scripts/help_page.awk" "$out.part/help/$1"
    [ -z "${4:-}" ] || awk -f "$scripts/help_sections.awk" "$docs/$4.md"
  } | gzip -9n >"$out.part/man/$1.1.gz"
}

cases() {  # cases NAME PREFIX: a line for each option of help/NAME that takes a value
  awk -f "$scripts/help_options.awk" "$out.part/help/$1" | while read -r option values; do
    [ -z "$values" ] || printf "    '%s %s') values='%s' ;;\n" "$2" "$option" "$values"
  done
}

options() { awk -f "$scripts/help_options.awk" "$out.part/help/$1" | awk '{ printf "%s ", $1 } END { print "--help" }'; }

completion() {  # completion PROGRAM FUNCTION COMMANDS
  cat <<TEXT
# Completion of $1, made from its help.
$2_values() {
  case \$1 in
TEXT
  for command in ${3:--}; do
    if [ "$command" = - ]; then cases "$1" -; else cases "$1-$command" "$command"; fi
  done
  printf '    *) values= ;;\n  esac\n}\n%s_options() {\n  case $1 in\n' "$2"
  for command in ${3:--}; do
    if [ "$command" = - ]; then printf "    -) options='%s' ;;\n" "$(options "$1")"
    else printf "    %s) options='%s' ;;\n" "$command" "$(options "$1-$command")"; fi
  done
  printf "    *) options='--help --version' ;;\n  esac\n}\n"
}

bash_body() {  # bash_body PROGRAM FUNCTION COMMANDS
  cat <<TEXT
$2() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=- values options
  [ -z '$3' ] || command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ -n '$3' ] && [ "\$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=(\$(compgen -W '$3 --help --version' -- "\$word"))
    return
  fi
  $2_values "\$command \$before"
  $2_options "\$command"
  case \$values in
    @text) return ;;
    ''|@file)
      if [ -z "\$values" ] && [[ \$word == -* ]]; then
        COMPREPLY=(\$(compgen -W "\$options" -- "\$word"))
      else
        compopt -o filenames 2>/dev/null
        local IFS=\$'\\n'
        COMPREPLY=(\$(compgen -f -- "\$word"))
      fi ;;
    *) COMPREPLY=(\$(compgen -W "\$values" -- "\$word")) ;;
  esac
}
complete -F $2 $1
TEXT
}

zsh_body() {  # zsh_body PROGRAM FUNCTION COMMANDS
  cat <<TEXT
local command=- values options
[[ -z '$3' ]] || command=\${words[2]}
if [[ -n '$3' && \$CURRENT -eq 2 ]]; then
  compadd -- $3 --help --version
  return
fi
$2_values "\$command \${words[CURRENT-1]}"
$2_options "\$command"
case \$values in
  @text) _message value ;;
  ''|@file) if [[ -z \$values && \$PREFIX == -* ]]; then compadd -- \${=options}; else _files; fi ;;
  *) compadd -- \${=values} ;;
esac
TEXT
}

finish() {  # finish PROGRAM FUNCTION COMMANDS
  { completion "$@"; bash_body "$@"; } >"$out.part/bash/$1"
  { echo "#compdef $1"; completion "$@"; zsh_body "$@"; } >"$out.part/zsh/_$1"
}

"$paramixer" --help >"$out.part/help/paramixer"
commands=$(awk '/^Commands:/ { on = 1; next } /^$/ { on = 0 } on { printf "%s%s", space, $1; space = " " }' "$out.part/help/paramixer")
page paramixer paramixer "$(sed -n '3s/\.$//p' "$out.part/help/paramixer")"
for command in $commands; do
  "$paramixer" "$command" --help >"$out.part/help/paramixer-$command"
  page "paramixer-$command" paramixer "$(awk -v c="$command" '/^  / && $1 == c { $1 = ""; print substr($0, 2); exit }' "$out.part/help/paramixer")" "$command"
done
finish paramixer _paramixer "$commands"
if [ -n "$gui" ]; then
  "$gui" --help >"$out.part/help/paramixer-gui"
  page paramixer-gui paramixer-gui "$(sed -n '2s/\.$//p' "$out.part/help/paramixer-gui")" paramixer-gui
  finish paramixer-gui _paramixer_gui ""
fi
rm -rf "$out"
mv "$out.part" "$out"
