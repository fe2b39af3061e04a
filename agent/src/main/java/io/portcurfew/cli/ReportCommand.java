package io.portcurfew.cli;

import io.portcurfew.build.BuildVersion;
import io.portcurfew.cli.options.AtomicFile;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.cli.options.FileOptions;
import io.portcurfew.cli.options.LiveScan;
import io.portcurfew.cli.options.SinceOption;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.host.Host;
import io.portcurfew.host.HostFactory;
import io.portcurfew.judge.Judge;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.report.HostReport;
import io.portcurfew.report.ObservedPeriod;
import io.portcurfew.report.OscalJson;
import io.portcurfew.report.ReportCsv;
import io.portcurfew.report.ReportHtml;
import io.portcurfew.report.ReportJson;
import io.portcurfew.report.ReportMaker;
import io.portcurfew.store.History;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code report}: evidence for an auditor. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = {
      "Reports the result of each rule in a period: passed, failed or not reviewed.",
      "Each rule has its requirement and its findings. It is not reviewed if something could not be"
          + " seen. The command scans this host once and reads the agent's history; run it as root."
          + " With files it merges the reports of several hosts, made with --format json, and scans"
          + " nothing."
    },
    footer = {
      "",
      "Exit status: 0 if the report is written; 2 for wrong usage or a file that cannot be read or"
          + " written; "
          + Exit.COMMON
    })
final class ReportCommand implements Callable<Integer> {

  /** A report of a host with 10,000 rules is below that. */
  private static final int MOST_BYTES = 64 << 20;

  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;
  @Mixin private SinceOption since;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "html",
      description = "The format: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
  private ReportFormat format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes to this file instead of standard output.")
  private @Nullable Path out;

  @Parameters(
      paramLabel = "HOST.json",
      arity = "0..*",
      description = "Reports of other hosts. Default: this host.")
  private List<Path> hosts = new ArrayList<>();

  /** The formats of a report. */
  enum ReportFormat {
    html,
    csv,
    oscal,
    json;

    void write(List<HostReport> reports, Writer out) throws IOException {
      switch (this) {
        case html -> out.write(ReportHtml.write(reports));
        case csv -> out.write(ReportCsv.write(reports));
        case oscal -> OscalJson.write(reports, BuildVersion.OF_THIS_BUILD, out);
        case json -> out.write(ReportJson.write(reports));
      }
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    try {
      List<HostReport> reports = hosts.isEmpty() ? thisHost(err) : read(hosts);
      return reports.isEmpty() ? Exit.CONFIG : print(reports);
    } catch (IOException e) {
      err.println("portcurfew: " + e.getMessage());
      return Exit.USAGE;
    } finally {
      err.flush();
    }
  }

  private static List<HostReport> read(List<Path> files) throws IOException {
    List<HostReport> reports = new ArrayList<>();
    for (Path file : files) {
      try {
        if (Files.size(file) > MOST_BYTES) {
          throw new IOException(file + " is larger than " + (MOST_BYTES >> 20) + " MiB");
        }
        reports.addAll(ReportJson.read(Files.readString(file)));
      } catch (IllegalArgumentException e) {
        throw new IOException(
            file + " is not a report of portcurfew report --format json: " + e.getMessage(), e);
      }
    }
    return reports;
  }

  private List<HostReport> thisHost(PrintWriter err) throws InterruptedException {
    Optional<LoadedConfig> loaded = files.loadForThisHost(err);
    if (loaded.isEmpty()) {
      return List.of();
    }
    LoadedConfig config = loaded.get();
    try (Host host = HostFactory.open(config.config().sweep())) {
      LiveScan scan = LiveScan.on(host, config.policy(), Clock.systemUTC(), spec);
      JudgedSnapshot judged =
          new JudgedSnapshot(
              scan.snapshot(), Judge.judge(config.policy(), scan.snapshot(), scan.crossCheck()));
      ObservedPeriod period = period(config.config().state(), scan.snapshot().takenAt(), err);
      return List.of(
          ReportMaker.of(
              config.policy(), config.policySource(), config.policyDigest(), judged, period));
    }
  }

  private ObservedPeriod period(Path state, Instant now, PrintWriter err) {
    try (History history = History.in(state)) {
      return ReportHistory.of(history, since.before(now), now);
    } catch (History.Unreadable e) {
      err.println("portcurfew: without history: " + e.getMessage());
      return ObservedPeriod.none(now);
    }
  }

  private int print(List<HostReport> reports) throws IOException {
    if (out != null) {
      try {
        AtomicFile.write(out, file -> format.write(reports, file));
      } catch (IOException e) {
        throw new IOException("cannot write " + out + ": " + FileErrorText.reason(e), e);
      }
    } else {
      PrintWriter console = spec.commandLine().getOut();
      format.write(reports, console);
      console.flush();
    }
    return Exit.OK;
  }
}
