#!/bin/sh
# keep_ptxas_report.sh FOLDER COMPILER ARGUMENT...: runs the compiler; the ptxas report on registers and spills goes to
# FOLDER/<object's name>.txt, other output to stderr.
folder=$1
shift
object=unknown
previous=
for argument in "$@"; do
  [ "$previous" = -o ] && object=$(basename "$argument")
  previous=$argument
done
mkdir -p "$folder" || exit 1
said=$folder/$object.$$
"$@" 2>"$said"
code=$?
about_kernels='^ptxas info|^ +[0-9]+ bytes stack frame'
grep -E "$about_kernels" "$said" >"$folder/$object.txt"
grep -vE "$about_kernels" "$said" >&2
rm -f "$said"
exit $code
