#include "app/cli/command.hpp"
#include "app/cli/shared_options.hpp"
#include "app/services/bench/bench.hpp"
#include "io/files/output_file.hpp"
#include "io/files/text_output.hpp"

namespace paramixer {
namespace {

CommandOptions bench_options() {
  CommandOptions options({
      .usage = "bench [--work NAME...] [--json FILE] [options]",
      .about =
          R"(Times this program against the same models written with LibTorch's own operations, in one run and
after checking that the results agree. 'ratio' is how many times faster this program is. Works:
  genome-folded-forward  the published genome configuration without position embedding
  genome-apc-forward     the same with position embedding
  fused-forward          the same without precomputed tables
  kmer-train             a step of training a 6-mer model, without the optimizer
  genome-apc-train       the same for the published genome configuration
  long-1m-forward        1,048,576 positions; 'self' is the time per link at 16,384 positions
  classify-end-to-end    'classify' of a gzip FASTA; 'kernel' is the model alone
  explain-attribution    contributions of a record's bases; 'forward' is a forward pass of it
  explain-links          the strongest of all links of a record
On a CUDA device (--device cuda) the works are named gpu-... and computed in bfloat16, except
training and -float32; the baselines run on the same device in the same type.)",
      .example =
          R"(  paramixer bench --work genome-folded-forward fused-forward --json bench.json)",
  });
  options.group("Works and report")
      .list("work", "NAME", "only these works")
      .output_file("json", {.formats = {"json"}}, "also write the figures as JSON");
  add_machine_options(options);
  return options;
}

int run_bench_command(const ParsedOptions& parsed, const CommandContext& context) {
  TerminalProgress progress(verbosity_from(parsed));
  const BenchOptions options{.works = parsed.list("work"),
                             .device = prepare_machine(parsed, progress)};
  const BenchReport report = run_bench(options, progress.callbacks(), context.stop);
  OutputFile out("-");
  out.write(bench_text(report));
  out.commit();
  if (parsed.given("json")) {
    TextOutput file(parsed.text("json"));
    file.write(bench_json(report));
    file.commit();
  }
  return kExitDone;
}

}  // namespace

Command bench_command() {
  return {"bench", "time this program against LibTorch's operations", bench_options,
          run_bench_command};
}

}  // namespace paramixer
