package io.portcurfew.explain;

import io.portcurfew.observe.Protocol;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * Ports that are obsolete, insecure or known for a backdoor: a look-up table that explains, and
 * never judges.
 */
public final class Catalogue {

  private static final String RESOURCE = "catalogue.csv";

  private final List<Entry> entries;

  Catalogue(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /**
   * Reads the catalogue that ships in the jar; nothing keeps it, so only a command that asks for it
   * pays for it.
   *
   * @throws IllegalStateException where the shipped file breaks its own form: a bug of ours
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
  public List<Entry> entries() {
    return entries;
  }

  /** The entries of one port, TCP before UDP; empty where it is not in the catalogue. */
  public List<Entry> about(int port) {
    return entries.stream().filter(entry -> entry.port() == port).toList();
  }

  /**
   * What is known of one port and protocol.
   *
   * @param name the registered service name or names, separated by a slash; {@code unassigned}, or
   *     {@code unnamed} where IANA keeps the number for private use
   * @param was what it was for, in a sentence
   * @param why why an open one deserves a look, in a sentence
   * @param checked whether the sentences were checked against the source; else they rest, wholly or
   *     in part, on general knowledge
   * @param source where it is from. A registry shows who has the number, not what it is used for
   */
  public record Entry(
      int port,
      Protocol protocol,
      String name,
      Status status,
      String was,
      String why,
      boolean checked,
      String source) {}

  /** How a service of the catalogue stands today. */
  public enum Status {
    /** No maintained use is known. */
    OBSOLETE,
    /** Still met, and without login or encryption, or it reflects traffic. */
    LEGACY_INSECURE,
    /** Its vendor withdraws it. */
    DEPRECATED,
    /** Default of malware or of an attack tool: a hint, since every program may take a number. */
    BACKDOOR_ASSOCIATED,
    /** In current use, and not for everybody to reach. */
    RISKY_EXPOSURE;

    private final String label = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The name in the file and in text. */
    public String label() {
      return label;
    }
  }
}
