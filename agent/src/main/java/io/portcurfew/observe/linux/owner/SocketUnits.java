package io.portcurfew.observe.linux.owner;

import io.portcurfew.observe.Address;
import io.portcurfew.observe.Endpoint;
import io.portcurfew.observe.HostText;
import io.portcurfew.observe.Owner;
import io.portcurfew.observe.Protocol;
import io.portcurfew.observe.SocketActivation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the socket unit for which systemd listens at an endpoint. It reads the unit files of the
 * host and their drop-ins in the order of precedence (systemd.unit(5)), and only files of root.
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

  /** S_IWGRP and S_IWOTH (inode(7)). */
  private static final int OTHERS_WRITE = 0x12;

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
  record Unit(String name, Set<String> listens, String service) {}

  /** Discards the units, so that the next call reads the files again. */
  public void forget() {
    units = null;
  }

  /**
   * Returns the socket unit for which systemd listens at this endpoint; {@code null} if none does,
   * or more than one may, or a file cannot be read or is not trusted.
   */
  public @Nullable SocketActivation activation(Endpoint endpoint) {
    List<Unit> known = units;
    if (known == null) {
      known = read();
      units = known;
    }
    Set<String> forms = forms(endpoint);
    List<Unit> found =
        known.stream().filter(unit -> unit.listens().stream().anyMatch(forms::contains)).toList();
    return found.size() == 1
        ? new SocketActivation(text(found.get(0).name()), text(found.get(0).service()))
        : null;
  }

  private static HostText text(String name) {
    return HostText.of(name.getBytes(StandardCharsets.ISO_8859_1), 256);
  }

  /**
   * Returns the owners of a socket that systemd holds for a unit. systemd beside the processes of
   * the unit is no owner of its own; beside any other process it is one.
   */
  public static List<Owner> holders(List<Owner> known, SocketActivation unit) {
    List<Owner> others = known.stream().filter(owner -> owner.pid() != 1).toList();
    boolean ofTheUnit =
        others.stream()
            .map(owner -> Objects.toString(owner.details().unit(), ""))
            .allMatch(name -> name.equals(unit.service().toString()));
    if (!ofTheUnit) {
      return known;
    }
    List<Owner> holders = others.isEmpty() ? known : others;
    return holders.stream().map(one -> one.with(one.details().withActivation(unit))).toList();
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
    try {
      Map<String, Path> files = new TreeMap<>();
      for (String folder : FOLDERS) {
        list(folder, "*.socket").forEach(file -> files.putIfAbsent(nameOf(file), file));
      }
      List<Unit> read = new ArrayList<>();
      for (Map.Entry<String, Path> file : files.entrySet()) {
        // A masked unit is a link to /dev/null.
        if (Files.isRegularFile(file.getValue()) && !isAlias(file.getValue())) {
          read.add(parse(file.getKey(), withDropIns(file.getKey(), file.getValue())));
        }
      }
      return read;
    } catch (IOException | DirectoryIteratorException cannotTell) {
      // A unit that is not known could listen at any endpoint.
      return List.of();
    }
  }

  /** True for a link to a unit of another name, which is read under that name (systemd.unit(5)). */
  private static boolean isAlias(Path file) throws IOException {
    return Files.isSymbolicLink(file)
        && Files.readSymbolicLink(file).toString().endsWith(".socket")
        && !nameOf(file).equals(nameOf(Files.readSymbolicLink(file)));
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** The unit, then the files of X.socket.d in the order in which systemd applies them. */
  private String withDropIns(String unit, Path file) throws IOException {
    Map<String, Path> dropIns = new TreeMap<>();
    for (String folder : FOLDERS) {
      list(folder + "/" + unit + ".d", "*.conf")
          .forEach(found -> dropIns.putIfAbsent(nameOf(found), found));
    }
    StringBuilder text = new StringBuilder(content(file));
    for (Path dropIn : dropIns.values()) {
      text.append('\n').append(content(dropIn));
    }
    return text.toString();
  }

  private List<Path> list(String folder, String names) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(root.resolve(folder), names)) {
      files.forEach(found::add);
    } catch (NoSuchFileException | NotDirectoryException none) {
      return List.of();
    }
    if (!isTrusted(root.resolve(folder))) {
      throw new IOException(folder + " may be written by others than root");
    }
    return found;
  }

  private String content(Path file) throws IOException {
    if (!isTrusted(file) || Files.size(file) > MOST_BYTES) {
      throw new IOException(file + " may be written by others than root, or is too large");
    }
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  /** True if only the owner of the root folder may write to it. */
  private boolean isTrusted(Path file) throws IOException {
    int mode = (Integer) Files.getAttribute(file, "unix:mode");
    return (mode & OTHERS_WRITE) == 0
        && Files.getAttribute(file, "unix:uid").equals(Files.getAttribute(root, "unix:uid"));
  }

  /** Parses a socket unit with its drop-ins; an empty value discards earlier addresses. */
  static Unit parse(String name, String text) {
    Set<String> listens = new HashSet<>();
    String stem = name.substring(0, name.length() - ".socket".length());
    String service = null;
    boolean perConnection = false;
    for (String line : text.split("\n", -1)) {
      int equals = line.indexOf('=');
      String key = equals < 0 ? "" : line.substring(0, equals).trim();
      String value = line.substring(equals + 1).trim();
      if (key.startsWith("Listen") && value.isEmpty()) {
        listens.clear();
      }
      switch (key) {
        case "ListenStream" -> listens.add(Protocol.TCP.label() + " " + value);
        case "ListenDatagram" -> listens.add(Protocol.UDP.label() + " " + value);
        case "Service" -> service = value;
        case "Accept" -> perConnection = Set.of("yes", "true", "on", "1").contains(value);
        default -> {}
      }
    }
    String usual = stem + (perConnection ? "@.service" : ".service");
    return new Unit(name, listens, service == null ? usual : service);
  }
}
