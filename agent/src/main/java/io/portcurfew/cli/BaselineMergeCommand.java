package io.portcurfew.cli;

import io.portcurfew.baseline.BaselineMerge;
import io.portcurfew.baseline.HostListeners;
import io.portcurfew.baseline.LabelGroups;
import io.portcurfew.bundle.signature.Glob;
import io.portcurfew.cli.options.AtomicFile;
import io.portcurfew.cli.options.Exit;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.policy.LearnedFile;
import io.portcurfew.policy.Policy;
import io.portcurfew.policy.Rule;
import io.portcurfew.text.CountedNoun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code baseline merge}: makes one policy of many hosts. */
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    description = {
      "Makes one policy of the listeners of many hosts.",
      "It reads one file for each host: the JSON of portcurfew scan or of portcurfew history. First"
          + " come the listeners of all hosts, then those of groups and of several hosts, and last"
          + " those of one host alone, marked REVIEW. A rule of several hosts is marked too if one of"
          + " them alone has an owner of it, or an address that others can reach. The sockets of"
          + " other families follow; only the JSON of scan has them."
    },
    footer = {
      "",
      "Exit status: 0 if the policy is written; 2 for wrong usage or a file that cannot be read or"
          + " written; 3 if nothing is written because a host was not seen completely; 70 for an"
          + " internal error."
    })
final class BaselineMergeCommand implements Callable<Integer> {

  private static final int MOST_BYTES = 64 << 20;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "HOST.json",
      arity = "1..*",
      description = "The files. A history gets the name of its file as the name of its host.")
  private List<Path> files;

  @Option(
      names = "--group",
      paramLabel = "NAME=GLOB",
      description =
          "A group of hosts by a pattern of their names, like web=web-*. May be repeated.")
  private Map<String, String> groups = new LinkedHashMap<>();

  @Option(
      names = "--labels",
      paramLabel = "TARGETS.json",
      description =
          "The hosts and their labels as Prometheus reads them (file_sd, http_sd). The hosts with"
              + " one value of a label are a group, like role=web.")
  private @Nullable Path labels;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Writes to this file instead of standard output.")
  private @Nullable Path out;

  @Option(
      names = "--with-gaps",
      description = "Also merges hosts that were not seen completely; the file lists the gaps.")
  private boolean withGaps;

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    try {
      return merge(read(files), err);
    } catch (IOException e) {
      err.println("portcurfew: " + e.getMessage());
      return Exit.USAGE;
    } finally {
      err.flush();
    }
  }

  /** Reads the files of hosts; an exception names the file. */
  static List<HostListeners> read(List<Path> files) throws IOException {
    List<HostListeners> hosts = new ArrayList<>();
    for (Path file : files) {
      String name = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
      try {
        if (Files.size(file) > MOST_BYTES) {
          throw new IllegalArgumentException("larger than " + (MOST_BYTES >> 20) + " MiB");
        }
        hosts.addAll(HostListeners.read(name, Files.readString(file)));
      } catch (IOException e) {
        throw new IOException("cannot read " + file + ": " + FileErrorText.reason(e), e);
      } catch (IllegalArgumentException e) {
        throw new IOException(
            file + " is not the JSON of portcurfew scan or history: " + e.getMessage(), e);
      }
    }
    return hosts;
  }

  private int merge(List<HostListeners> hosts, PrintWriter err) throws IOException {
    List<String> gaps = hosts.stream().flatMap(host -> host.gaps().stream()).toList();
    gaps.forEach(gap -> err.println("not seen: " + gap));
    if (!gaps.isEmpty() && !withGaps) {
      err.println("portcurfew: nothing was merged (use --with-gaps to merge anyway)");
      return Exit.INCOMPLETE;
    }
    List<Rule> rules =
        BaselineMerge.rules(hosts, hostsOfGroups(hosts), Policy.day(Clock.systemUTC().instant()));
    byte[] text = BaselineMerge.text(rules, hosts).getBytes(StandardCharsets.UTF_8);
    if (text.length > LearnedFile.MOST) {
      err.println(
          "portcurfew: %s exceed the largest policy file of %d KiB"
              .formatted(CountedNoun.of(rules.size(), "rule"), LearnedFile.MOST / 1024));
      return Exit.USAGE;
    }
    if (out == null) {
      System.out.write(text);
      System.out.flush();
    } else {
      AtomicFile.write(out, text);
    }
    long review =
        rules.stream().filter(rule -> String.valueOf(rule.because()).startsWith("REVIEW")).count();
    long names = hosts.stream().map(HostListeners::host).distinct().count();
    err.println("hosts: " + names + "; rules: " + rules.size() + ", to review: " + review);
    return Exit.OK;
  }

  /** The groups by patterns of names, then those by labels, each of the merged hosts alone. */
  private Map<String, Set<String>> hostsOfGroups(List<HostListeners> hosts) throws IOException {
    Set<String> names = hosts.stream().map(HostListeners::host).collect(Collectors.toSet());
    Map<String, Set<String>> all = new LinkedHashMap<>();
    groups.forEach(
        (group, glob) -> all.put(group, chosen(names, host -> Glob.matches(glob, host))));
    if (labels != null) {
      byLabels(labels)
          .forEach((group, members) -> all.putIfAbsent(group, chosen(names, members::contains)));
    }
    return all;
  }

  private static Set<String> chosen(Set<String> hosts, Predicate<String> belongs) {
    return hosts.stream().filter(belongs).collect(Collectors.toCollection(TreeSet::new));
  }

  private static Map<String, Set<String>> byLabels(Path file) throws IOException {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new IllegalArgumentException("larger than " + (MOST_BYTES >> 20) + " MiB");
      }
      return LabelGroups.read(Files.readString(file));
    } catch (IOException e) {
      throw new IOException("cannot read " + file + ": " + FileErrorText.reason(e), e);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          file
              + " is not a list of targets: "
              + e.getMessage()
              + "; expected: [{\"targets\": [\"web-1:10611\"], \"labels\": {\"role\": \"web\"}}]",
          e);
    }
  }
}
