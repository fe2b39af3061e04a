package io.portcurfew.config.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;

/** Builds nodes from parser events. Refuses aliases, anchors, tags and merge keys. */
final class NodeBuilder {

  static final int MOST_DEPTH = 20;

  private final Iterator<Event> events;
  private final Problems problems;
  private Position reached = Position.START;

  /** True once the file is too deep: the parser needs seconds to read 100,000 brackets. */
  private boolean abandoned;

  NodeBuilder(Iterator<Event> events, Problems problems) {
    this.events = events;
    this.problems = problems;
  }

  /** The position of the last parser event. */
  Position reached() {
    return reached;
  }

  /** The only document of the stream; empty if it has none. */
  Optional<Node> document() {
    next();
    if (!(next() instanceof DocumentStartEvent)) {
      return empty();
    }
    Node root = node(next(), null, 1);
    if (abandoned) {
      return Optional.empty();
    }
    next();
    if (next() instanceof DocumentStartEvent) {
      problems.add(reached, null, "the file has a second document", "---", "one document per file");
    }
    return root instanceof Node.Scalar scalar && scalar.isNull() ? empty() : Optional.of(root);
  }

  private Optional<Node> empty() {
    problems.add(Position.START, null, "the file is empty", "nothing", "a mapping of keys");
    return Optional.empty();
  }

  private Event next() {
    Event event = events.next();
    event.getStartMark().ifPresent(mark -> reached = Position.of(mark));
    return event;
  }

  private Node node(Event event, @Nullable String path, int depth) {
    Position at = reached;
    if (event instanceof AliasEvent) {
      problems.add(at, path, "an alias is not allowed", "*", "the value itself");
      return new Node.Invalid(at);
    }
    refuseAnchorAndTag(event, path, at);
    if (event instanceof ScalarEvent scalar) {
      return new Node.Scalar(at, scalar.getValue(), scalar.isPlain());
    }
    if (depth > MOST_DEPTH) {
      problems.add(at, null, "the file is too deep", "more than 20 levels", "at most 20 levels");
      abandoned = true;
      return new Node.Invalid(at);
    }
    return event instanceof MappingStartEvent
        ? mapping(at, path, depth)
        : sequence(at, path, depth);
  }

  private void refuseAnchorAndTag(Event event, @Nullable String path, Position at) {
    if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
      problems.add(at, path, "an anchor is not allowed", "&", "only the value");
    }
    Optional<String> tag =
        event instanceof ScalarEvent scalar
            ? scalar.getTag()
            : event instanceof CollectionStartEvent start ? start.getTag() : Optional.empty();
    if (tag.isPresent()) {
      problems.add(at, path, "a tag is not allowed", VisibleText.text(tag.get()), "only the value");
    }
  }

  private Node sequence(Position at, @Nullable String path, int depth) {
    List<Node> items = new ArrayList<>();
    while (!abandoned) {
      Event event = next();
      if (event.getEventId() == Event.ID.SequenceEnd) {
        break;
      }
      items.add(node(event, KeyPaths.item(path, items.size()), depth + 1));
    }
    return new Node.Sequence(at, items);
  }

  private Node mapping(Position at, @Nullable String path, int depth) {
    List<Node.KeyValue> entries = new ArrayList<>();
    Map<String, Position> seen = new HashMap<>();
    while (!abandoned) {
      Event event = next();
      if (event.getEventId() == Event.ID.MappingEnd) {
        break;
      }
      Node key = node(event, path, depth + 1);
      if (abandoned) {
        break;
      }
      String below = key instanceof Node.Scalar scalar ? KeyPaths.key(path, scalar.text()) : path;
      Node value = node(next(), below, depth + 1);
      if (isValidEntry(key, below, seen)) {
        entries.add(new Node.KeyValue((Node.Scalar) key, value));
      }
    }
    return new Node.Mapping(at, entries);
  }

  private boolean isValidEntry(Node key, @Nullable String path, Map<String, Position> seen) {
    if (!(key instanceof Node.Scalar scalar)) {
      if (!(key instanceof Node.Invalid)) {
        problems.add(
            key.at(),
            path,
            "a key is not a single value",
            VisibleText.shape(key),
            "a word as the key");
      }
      return false;
    }
    if (scalar.plain() && scalar.text().equals("<<")) {
      problems.add(key.at(), path, "a merge key is not allowed", "<<", "the keys themselves");
      return false;
    }
    Position first = seen.putIfAbsent(scalar.text(), key.at());
    if (first != null) {
      String found = "the same key on line " + first.line();
      problems.add(key.at(), path, "duplicate key", found, "each key once");
    }
    return first == null;
  }
}
