package io.portcurfew.observe.capture;

import io.portcurfew.process.ByteText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Divides a file into hosts: by the host before each line, by the outputs in JSON, YAML and CSV, or
 * by its {@linkplain SectionReader sections}.
 */
public final class HostSections {

  /** The problem of a part without a line end. */
  static final String CUT = "a part has no line end, so it may be truncated";

  private HostSections() {}

  /** Returns the hosts of a file, in order; one without a name if the file has no host marks. */
  public static List<HostCapture> of(String file) {
    if (AnsibleJson.looksLikeIt(file)) {
      List<HostCapture> hosts = AnsibleJson.hosts(null, file);
      if (!hosts.isEmpty()) {
        return merged(hosts);
      }
    }
    List<HostCapture> documents = yaml(file);
    if (!documents.isEmpty()) {
      return merged(documents);
    }
    List<HostCapture> cells = DelimitedText.hosts(file);
    if (!cells.isEmpty()) {
      return merged(cells);
    }
    HostCapture plain = LinePrefixes.removed(file);
    List<HostCapture> prefixed =
        HostPrefixes.hosts(plain.text().lines().toList(), SectionReader.isEnded(plain.text()));
    if (!prefixed.isEmpty()) {
      return withoutPrefixes(merged(with(plain.problems(), prefixed)));
    }
    List<HostCapture> found = SectionReader.sections(plain.text());
    boolean none = found.stream().allMatch(part -> part.host() == null);
    return none ? List.of(plain) : merged(with(plain.problems(), found));
  }

  /** Removes a time or a number between the name of a host and its lines. */
  private static List<HostCapture> withoutPrefixes(List<HostCapture> hosts) {
    return hosts.stream()
        .map(
            host -> {
              HostCapture plain = LinePrefixes.removed(host.text());
              HostCapture named = new HostCapture(host.host(), plain.text(), host.problems());
              return with(plain.problems(), List.of(named)).get(0);
            })
        .toList();
  }

  /** Adds problems of the whole file to each part. */
  private static List<HostCapture> with(List<String> problems, List<HostCapture> parts) {
    return problems.isEmpty()
        ? parts
        : parts.stream()
            .map(
                part -> {
                  List<String> all = new ArrayList<>(part.problems());
                  all.addAll(problems);
                  return new HostCapture(part.host(), part.text(), all);
                })
            .toList();
  }

  /** Returns the hosts of YAML. A last line without a line end is left out, with a problem. */
  private static List<HostCapture> yaml(String file) {
    if (!YamlText.looksLikeIt(file)) {
      return List.of();
    }
    boolean ended = file.endsWith("\n");
    String whole = file.substring(0, file.lastIndexOf('\n') + 1).replace("\r\n", "\n");
    List<HostCapture> hosts =
        YamlText.values(ByteText.decoded(whole))
            .map(values -> AnsibleJson.of(null, values))
            .orElse(List.of());
    if (ended || hosts.isEmpty()) {
      return hosts;
    }
    List<HostCapture> all = new ArrayList<>(hosts);
    all.add(new HostCapture(hosts.get(hosts.size() - 1).host(), "", List.of(CUT)));
    return all;
  }

  private static List<HostCapture> merged(List<HostCapture> parts) {
    Map<String, List<HostCapture>> byHost = new LinkedHashMap<>();
    for (HostCapture part : parts) {
      byHost
          .computeIfAbsent(Objects.requireNonNullElse(part.host(), ""), none -> new ArrayList<>())
          .add(part);
    }
    return byHost.values().stream().map(HostSections::joined).toList();
  }

  private static HostCapture joined(List<HostCapture> parts) {
    StringBuilder text = new StringBuilder();
    List<String> problems = new ArrayList<>();
    for (HostCapture part : parts) {
      if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
        // A part without a line end may be truncated. The added line end would hide that.
        problems.add(CUT);
        text.append('\n');
      }
      text.append(part.text());
      part.problems().stream().filter(why -> !problems.contains(why)).forEach(problems::add);
    }
    return new HostCapture(parts.get(0).host(), text.toString(), problems);
  }
}
