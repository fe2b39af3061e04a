package io.portcurfew.config.receivers;

import io.portcurfew.config.yaml.DurationReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Node;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.config.yaml.UniqueNames;
import io.portcurfew.notify.ReceiverFilter;
import io.portcurfew.notify.receivers.FileSettings;
import io.portcurfew.notify.receivers.ReceiverSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the receivers; each has a name and one kind. */
public final class ReceiverReader {

  /** One reader per kind. */
  static final Map<String, ReceiverKind> KINDS = kinds();

  static final List<String> KEYS =
      Stream.of(
              List.of("name"),
              List.copyOf(KINDS.keySet()),
              ReceiverFilterReader.KEYS,
              List.of("timeout"))
          .flatMap(List::stream)
          .toList();

  /** The highest number of receivers: each has its own queue and metric labels. */
  static final int MOST = 64;

  /** The name of the receiver that is always there. */
  private static final String LOG = "log";

  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final DurationReader TIMEOUTS =
      new DurationReader(Duration.ofSeconds(1), Duration.ofSeconds(60));

  private ReceiverReader() {}

  /** Reads the settings of one kind of receiver. */
  interface ReceiverKind {

    /** Reads the section; adds problems and returns nothing if it is not valid. */
    public Optional<? extends ReceiverSettings> read(Field field, Duration timeout);
  }

  private static Map<String, ReceiverKind> kinds() {
    Map<String, ReceiverKind> kinds = new LinkedHashMap<>();
    kinds.put("webhook", WebhookReader::read);
    kinds.put("alertmanager", AlertmanagerReader::read);
    kinds.put("email", EmailReader::read);
    kinds.put("syslog", SyslogReader::read);
    kinds.put("slack", SlackReader::read);
    kinds.put("pagerduty", PagerdutyReader::read);
    kinds.put("command", CommandReader::read);
    kinds.put("file", FileSettingsReader::read);
    return kinds;
  }

  /** Reads the list of receivers; skips invalid ones after adding their problems. */
  public static List<Receiver> readAll(Field field) {
    List<Field> items = field.list("a list of receivers").orElse(List.of());
    if (items.size() > MOST) {
      field.wrong("too many receivers", "" + items.size(), "at most " + MOST, null);
      return List.of();
    }
    UniqueNames names = new UniqueNames();
    Map<Path, String> files = new HashMap<>();
    List<Receiver> receivers = new ArrayList<>();
    for (Field item : items) {
      names.check(item);
      read(item).filter(receiver -> hasOwnFile(item, receiver, files)).ifPresent(receivers::add);
    }
    return receivers;
  }

  /** Two receivers would rename the file for each other. */
  private static boolean hasOwnFile(Field item, Receiver receiver, Map<Path, String> files) {
    if (!(receiver.settings() instanceof FileSettings settings)) {
      return true;
    }
    String other = files.putIfAbsent(settings.file(), receiver.name());
    if (other != null) {
      item.wrong(
          "two receivers append to the same file",
          settings.file() + ", as receiver " + other,
          "a file for each receiver",
          null);
    }
    return other == null;
  }

  private static Optional<String> name(Field field) {
    return TextReader.name(field).filter(name -> isFree(field, name));
  }

  private static boolean isFree(Field field, String name) {
    boolean free = !name.equals(LOG);
    if (!free) {
      field.wrong("this is the name of the built-in receiver", "another name");
    }
    return free;
  }

  /** The names of all receivers, also of invalid ones. */
  public static List<String> names(Field field) {
    return mappings(field).flatMap(ReceiverReader::name).toList();
  }

  /** The names of all receivers of a kind, also of invalid ones. */
  public static List<String> names(Field field, String kind) {
    return mappings(field)
        .filter(
            mapping ->
                mapping.entries().stream().anyMatch(entry -> entry.key().text().equals(kind)))
        .flatMap(ReceiverReader::name)
        .toList();
  }

  private static Stream<Node.Mapping> mappings(Field field) {
    return field.node() instanceof Node.Sequence list
        ? list.items().stream().filter(Node.Mapping.class::isInstance).map(Node.Mapping.class::cast)
        : Stream.empty();
  }

  private static Stream<String> name(Node.Mapping mapping) {
    return mapping.entries().stream()
        .filter(entry -> entry.key().text().equals("name"))
        .map(Node.KeyValue::value)
        .filter(Node.Scalar.class::isInstance)
        .map(value -> ((Node.Scalar) value).text());
  }

  private static Optional<Receiver> read(Field field) {
    return Section.of(field, KEYS).flatMap(section -> read(field, section));
  }

  private static Optional<Receiver> read(Field field, Section section) {
    Optional<String> name = section.required("name").flatMap(ReceiverReader::name);
    ReceiverFilter filter = ReceiverFilterReader.read(section);
    Duration timeout = section.optional("timeout").flatMap(TIMEOUTS::read).orElse(TIMEOUT);
    Optional<? extends ReceiverSettings> settings = settings(field, section, timeout);
    return name.flatMap(word -> settings.map(known -> new Receiver(word, filter, known)));
  }

  private static Optional<? extends ReceiverSettings> settings(
      Field field, Section section, Duration timeout) {
    List<Map.Entry<String, ReceiverKind>> kinds =
        KINDS.entrySet().stream()
            .filter(kind -> section.optional(kind.getKey()).isPresent())
            .toList();
    if (kinds.size() != 1) {
      field.wrong(
          kinds.isEmpty()
              ? "the kind of the receiver is missing"
              : "a receiver has exactly one kind",
          section.presentKeys(),
          "one of " + String.join(", ", KINDS.keySet()),
          null);
      return Optional.empty();
    }
    ReceiverKind kind = kinds.get(0).getValue();
    return section.required(kinds.get(0).getKey()).flatMap(value -> kind.read(value, timeout));
  }
}
