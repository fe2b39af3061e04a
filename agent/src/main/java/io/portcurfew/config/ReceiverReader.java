package io.portcurfew.config;

import io.portcurfew.notify.WebhookSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the receivers; each has a name and one kind. */
final class ReceiverReader {

  static final List<String> KEYS = List.of("name", "webhook");

  /** Each has a queue and labels of its own. */
  static final int MOST = 64;

  private ReceiverReader() {}

  static List<Receiver> readAll(Field field) {
    List<Field> items = field.list("a list of receivers").orElse(List.of());
    if (items.size() > MOST) {
      field.wrong("there are too many receivers", "" + items.size(), "at most " + MOST, null);
      return List.of();
    }
    UniqueNames names = new UniqueNames();
    List<Receiver> receivers = new ArrayList<>();
    for (Field item : items) {
      names.check(item);
      read(item).ifPresent(receivers::add);
    }
    return receivers;
  }

  /** The names of the receivers, also of those that are wrong elsewhere. */
  static List<String> names(Field field) {
    return field.node() instanceof Node.Sequence list
        ? list.items().stream().flatMap(ReceiverReader::name).toList()
        : List.of();
  }

  private static Stream<String> name(Node item) {
    return item instanceof Node.Mapping mapping
        ? mapping.entries().stream()
            .filter(entry -> entry.key().text().equals("name"))
            .map(Node.Entry::value)
            .filter(Node.Scalar.class::isInstance)
            .map(value -> ((Node.Scalar) value).text())
        : Stream.empty();
  }

  private static Optional<Receiver> read(Field field) {
    return Section.of(field, KEYS).flatMap(ReceiverReader::read);
  }

  private static Optional<Receiver> read(Section section) {
    Optional<String> name = section.required("name").flatMap(TextReader::name);
    Optional<WebhookSettings> webhook = section.required("webhook").flatMap(WebhookReader::read);
    return name.flatMap(word -> webhook.map(settings -> new Receiver(word, settings)));
  }
}
