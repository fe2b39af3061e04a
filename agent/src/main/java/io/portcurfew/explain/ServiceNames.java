package io.portcurfew.explain;

import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * The port names of this host from {@code /etc/services}, services(5). A name does not show which
 * program listens.
 *
 * @param entries in the order of the file
 * @param remarks problems with reading the file
 */
public record ServiceNames(List<ServiceName> entries, List<String> remarks) {

  /** The path of the file. */
  public static final String FILE = "/etc/services";

  /** The most bytes to read; the full IANA list, as shipped by nmap, has 1 MB. */
  static final int MOST_BYTES = 4 << 20;

  private static final int LONGEST_NAME = 80;
  private static final String BLANKS = " \t\f\r\u000b";

  public ServiceNames {
    entries = List.copyOf(entries);
    remarks = List.copyOf(remarks);
  }

  /**
   * A name of a port.
   *
   * @param aliases other names of the same port
   */
  public record ServiceName(int port, Protocol protocol, HostText name, List<HostText> aliases) {

    public ServiceName {
      aliases = List.copyOf(aliases);
    }
  }

  /** The entries of one port. */
  public List<ServiceName> about(int port) {
    return entries.stream().filter(entry -> entry.port() == port).toList();
  }

  /** The entries with this name or alias, in any case. */
  List<ServiceName> named(String name) {
    return entries.stream()
        .filter(
            entry ->
                entry.name().toString().equalsIgnoreCase(name)
                    || entry.aliases().stream().anyMatch(a -> a.toString().equalsIgnoreCase(name)))
        .toList();
  }

  /** Reads {@code etc/services} below a root folder. Never fails: a problem becomes a remark. */
  public static ServiceNames read(Path root) {
    Path file = root.resolve(FILE.substring(1));
    if (!Files.isRegularFile(file)) {
      return new ServiceNames(List.of(), List.of(FILE + " does not exist."));
    }
    try (InputStream in = Files.newInputStream(file)) {
      return parse(in.readNBytes(MOST_BYTES + 1));
    } catch (IOException e) {
      String why = HostText.of(String.valueOf(e.getMessage()), 200).toString();
      return new ServiceNames(List.of(), List.of(FILE + " cannot be read: " + why));
    }
  }

  static ServiceNames parse(byte[] file) {
    List<ServiceName> entries = new ArrayList<>();
    List<String> remarks = new ArrayList<>();
    if (file.length > MOST_BYTES) {
      remarks.add("Only the first " + MOST_BYTES + " bytes of " + FILE + " were read.");
    }
    // One character per byte, so that lines and fields are split before they are decoded.
    String text =
        new String(file, 0, Math.min(file.length, MOST_BYTES), StandardCharsets.ISO_8859_1);
    int invalid = 0;
    for (String line : text.split("\n", -1)) {
      List<String> fields = fields(line);
      if (fields.isEmpty() || isOtherTransport(fields)) {
        continue;
      }
      Optional<ServiceName> entry = entry(fields);
      entry.ifPresent(entries::add);
      invalid += entry.isPresent() ? 0 : 1;
    }
    if (invalid > 0) {
      remarks.add("Invalid lines in " + FILE + ": " + invalid + ".");
    }
    return new ServiceNames(entries, remarks);
  }

  private static List<String> fields(String line) {
    int comment = line.indexOf('#');
    StringTokenizer tokens =
        new StringTokenizer(comment < 0 ? line : line.substring(0, comment), BLANKS);
    List<String> fields = new ArrayList<>();
    while (tokens.hasMoreTokens()) {
      fields.add(tokens.nextToken());
    }
    return fields;
  }

  /** Real files also contain SCTP, DCCP and DDP, which are not judged. */
  private static boolean isOtherTransport(List<String> fields) {
    return fields.size() > 1 && fields.get(1).matches("\\d{1,5}/(sctp|dccp|ddp)");
  }

  private static Optional<ServiceName> entry(List<String> fields) {
    if (fields.size() < 2 || !fields.get(1).matches("\\d{1,5}/(tcp|udp)")) {
      return Optional.empty();
    }
    String[] number = fields.get(1).split("/", -1);
    int port = Integer.parseInt(number[0]);
    if (port < 1 || port > 65535) {
      return Optional.empty();
    }
    Protocol protocol = number[1].equals("tcp") ? Protocol.TCP : Protocol.UDP;
    List<HostText> aliases = fields.stream().skip(2).map(ServiceNames::visible).toList();
    return Optional.of(new ServiceName(port, protocol, visible(fields.get(0)), aliases));
  }

  private static HostText visible(String field) {
    return HostText.of(field.getBytes(StandardCharsets.ISO_8859_1), LONGEST_NAME);
  }
}
