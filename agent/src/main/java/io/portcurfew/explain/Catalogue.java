package io.portcurfew.explain;

import io.portcurfew.observe.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Ports that people ask for, and ports that are obsolete, insecure or known for a backdoor. The
 * catalogue only explains; no verdict depends on it.
 */
public final class Catalogue {

  private static final String RESOURCE = "catalogue.csv";

  private final List<PortEntry> entries;

  Catalogue(List<PortEntry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Reads the catalogue in the jar. It is not cached, so that only the command that needs it uses
   * memory for it.
   *
   * @throws IllegalStateException if the shipped file has a mistake
   */
  public static Catalogue shipped() {
    try (InputStream in = Catalogue.class.getResourceAsStream(RESOURCE)) {
      byte[] bytes = Objects.requireNonNull(in, RESOURCE).readAllBytes();
      return new Catalogue(
          CatalogueReader.read(new String(bytes, StandardCharsets.UTF_8).lines().toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every entry, in order of port and protocol. */
  public List<PortEntry> entries() {
    return entries;
  }

  /** The entries of a service of this name, in any case; a name may be one of several. */
  public List<PortEntry> named(String name) {
    return entries.stream()
        .filter(entry -> Stream.of(entry.name().split("/", -1)).anyMatch(name::equalsIgnoreCase))
        .toList();
  }

  /** The names of all services. */
  public List<String> names() {
    return entries.stream()
        .flatMap(entry -> Stream.of(entry.name().split("/", -1)))
        .filter(name -> !name.equals("unassigned") && !name.equals("unnamed"))
        .distinct()
        .toList();
  }

  /** The entries of one port, TCP before UDP; empty if the port is not in the catalogue. */
  public List<PortEntry> about(int port) {
    return entries.stream().filter(entry -> entry.port() == port).toList();
  }

  /**
   * The entry of one port and protocol.
   *
   * @param name the registered service name or names, separated by a slash; {@code unassigned}, or
   *     {@code unnamed} if IANA keeps the number for private use
   * @param was the original purpose, in a sentence
   * @param why the reason to check an open port, in a sentence
   * @param checked true if the sentences were checked against the source; otherwise they rest
   *     partly on general knowledge
   * @param source the reference. A registry shows the assignee of a number, not its use
   */
  public record PortEntry(
      int port,
      Protocol protocol,
      String name,
      Status status,
      String was,
      String why,
      boolean checked,
      String source) {}

  /** The present state of a service. */
  public enum Status {
    /** No maintained use is known. */
    OBSOLETE,
    /** Still in use, without login or encryption, or usable for traffic reflection. */
    LEGACY_INSECURE,
    /** Withdrawn by its vendor. */
    DEPRECATED,
    /** The default port of malware or an attack tool: only a hint, as any program may use it. */
    BACKDOOR_ASSOCIATED,
    /** In current use, and not meant to be reachable by everybody. */
    RISKY_EXPOSURE,
    /** In current use; nothing is wrong with it as such. */
    CURRENT;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in the file and in text. */
    public String label() {
      return label;
    }
  }
}
