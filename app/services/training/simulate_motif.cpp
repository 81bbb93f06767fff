#include "app/services/training/simulate_motif.hpp"

#include "core/base/error.hpp"
#include "io/files/output_file.hpp"

namespace paramixer {

void simulate_motif(const SimulateMotifOptions& options, const ServiceCallbacks& callbacks,
                    std::stop_token stop) {
  if (options.count < 1) {
    throw usage_error("the number of records must be at least 1; got " +
                      std::to_string(options.count));
  }
  const MotifSimulator simulator(options.task);
  OutputFile sequences(options.prefix + ".fa");
  OutputFile labels(options.prefix + ".tsv");
  OutputFile planted(options.prefix + ".bed");
  labels.write("id\tclass\n");
  std::int64_t bases = 0;
  for (std::int64_t i = 0; i < options.count; ++i) {
    if (stop.stop_requested()) throw Error("interrupted", ErrorKind::kInterrupted);
    const SimulatedRecord record = simulator.record(i);
    const std::string& class_name = simulator.class_names()[static_cast<std::size_t>(record.label)];
    sequences.write(">" + record.name + "\n" + record.sequence + "\n");
    labels.write(record.name + "\t" + class_name + "\n");
    for (const PlantedMotif& motif : record.planted) {
      planted.write(record.name + "\t" + std::to_string(motif.start) + "\t" +
                    std::to_string(motif.end) + "\t" + motif.name + "\n");
    }
    bases += static_cast<std::int64_t>(record.sequence.size());
    if (callbacks.progress) {
      callbacks.progress(
          {.phase = "simulate", .done = i + 1, .total = options.count, .bases = bases});
    }
  }
  sequences.commit();
  labels.commit();
  planted.commit();
}

}  // namespace paramixer
