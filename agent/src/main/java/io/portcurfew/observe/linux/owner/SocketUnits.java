package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Protocol;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the service that systemd starts for a socket. It reads the unit files of the host in the
 * order of precedence (systemd.unit(5)) and ignores drop-ins.
 */
public final class SocketUnits {

  private static final List<String> FOLDERS =
      List.of(
          "etc/systemd/system",
          "run/systemd/system",
          "run/systemd/generator",
          "usr/local/lib/systemd/system",
          "usr/lib/systemd/system",
          "lib/systemd/system");

  private static final long MOST_BYTES = 64 * 1024;

  private final Path root;
  private @Nullable List<Unit> units;

  /** Creates a reader for the unit files below this root. */
  public SocketUnits(Path root) {
    this.root = root;
  }

  /**
   * The content of a socket unit.
   *
   * @param listens the addresses, such as {@code tcp 611} or {@code udp [::1]:611}
   * @param service the service that systemd starts
   */
  record Unit(Set<String> listens, String service) {}

  /** Discards the units, so that the next call reads the files again. */
  public void forget() {
    units = null;
  }

  /**
   * Returns the service that systemd starts for this endpoint, or {@code null} if there is none or
   * more than one.
   */
  public @Nullable HostText startedFor(Endpoint endpoint) {
    List<Unit> known = units;
    if (known == null) {
      known = read();
      units = known;
    }
    Set<String> found = new TreeSet<>();
    for (Unit unit : known) {
      if (unit.listens().stream().anyMatch(forms(endpoint)::contains)) {
        found.add(unit.service());
      }
    }
    return found.size() == 1
        ? HostText.of(found.iterator().next().getBytes(StandardCharsets.ISO_8859_1), 256)
        : null;
  }

  /** Returns the forms in which a unit file may write the endpoint (systemd.socket(5)). */
  private static Set<String> forms(Endpoint endpoint) {
    String protocol = endpoint.protocol().label() + " ";
    Address address = endpoint.address();
    Set<String> forms = new HashSet<>();
    String host = address.isIpv6() ? "[" + address.host() + "]" : address.host();
    forms.add(protocol + host + ":" + endpoint.port());
    if (address.isWildcard()) {
      forms.add(protocol + endpoint.port());
    }
    return forms;
  }

  private List<Unit> read() {
    List<Unit> read = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String folder : FOLDERS) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(root.resolve(folder), "*.socket")) {
        for (Path file : files) {
          String name = String.valueOf(file.getFileName());
          if (names.add(name) && Files.isRegularFile(file) && Files.size(file) <= MOST_BYTES) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            read.add(parse(name, text));
          }
        }
      } catch (IOException | DirectoryIteratorException cannotBeRead) {
        // The service is only a hint, so a missing folder is no error.
      }
    }
    return read;
  }

  /** Parses a socket unit. */
  static Unit parse(String name, String text) {
    Set<String> listens = new HashSet<>();
    String stem = name.substring(0, name.length() - ".socket".length());
    String service = null;
    boolean perConnection = false;
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      String key = equals < 0 ? "" : line.substring(0, equals).trim();
      String value = line.substring(equals + 1).trim();
      switch (key) {
        case "ListenStream" -> listens.add(Protocol.TCP.label() + " " + value);
        case "ListenDatagram" -> listens.add(Protocol.UDP.label() + " " + value);
        case "Service" -> service = value;
        case "Accept" -> perConnection = Set.of("yes", "true", "on", "1").contains(value);
        default -> {}
      }
    }
    return new Unit(
        listens, service != null ? service : stem + (perConnection ? "@.service" : ".service"));
  }
}
