package io.portcurfew.config.yaml;

import io.portcurfew.config.yaml.Node.Mapping;
import io.portcurfew.config.yaml.Node.Scalar;
import io.portcurfew.config.yaml.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value and its place in the document. A reader asks for one shape; a value of another shape
 * becomes a problem, and the reader gets nothing.
 *
 * @param path {@code null} for the whole document
 */
public record Field(Problems problems, @Nullable String path, Node node) {

  /** Adds a problem that needs no more than one sentence. */
  public void wrong(String what) {
    wrong(what, null, null, null);
  }

  /** Adds a problem of this value and shows the value. */
  public void wrong(String what, @Nullable String expected) {
    wrong(what, VisibleText.node(node), expected, null);
  }

  /** Adds a problem of this value with a suggestion. */
  public void wrong(String what, String expected, @Nullable String suggestion) {
    wrong(what, VisibleText.node(node), expected, suggestion);
  }

  /** Adds a problem of this value without showing the value. */
  public void wrong(
      String what, @Nullable String found, @Nullable String expected, @Nullable String suggestion) {
    problems.add(node.at(), path, what, found, expected, suggestion);
  }

  /** The single value. */
  public Optional<Scalar> scalar(String expected) {
    return shape(Scalar.class, expected);
  }

  /** True if the value has keys. */
  public boolean isMapping() {
    return node instanceof Mapping;
  }

  /** The keys and values. */
  Optional<Mapping> mapping(String expected) {
    return shape(Mapping.class, expected);
  }

  /**
   * A key of a mapping whose keys may have any name.
   *
   * @param key the key, for its problems
   */
  public record FieldEntry(String name, Field key, Field value) {}

  /** The entries of a mapping whose keys may have any name. */
  public Optional<List<FieldEntry>> entries(String expected) {
    return mapping(expected)
        .map(
            mapping ->
                mapping.entries().stream()
                    .map(
                        entry ->
                            new FieldEntry(
                                entry.key().text(),
                                below(entry, entry.key()),
                                below(entry, entry.value())))
                    .toList());
  }

  /** The items of a list, which may be empty. */
  public Optional<List<Field>> listOrEmpty(String expected) {
    return shape(Sequence.class, expected).map(this::items);
  }

  /** The items of a list that is not empty. */
  public Optional<List<Field>> list(String expected) {
    return listOrEmpty(expected).filter(items -> isNotEmpty(items, expected));
  }

  /** The items of a list, or this value if it is no list; empty for an empty list. */
  public Optional<List<Field>> oneOrMore(String expected) {
    return node instanceof Sequence ? list(expected) : Optional.of(List.of(this));
  }

  /** The key or the value of an entry of this mapping, whose keys may have any name. */
  Field below(Node.KeyValue entry, Node part) {
    return new Field(problems, KeyPaths.key(path, entry.key().text()), part);
  }

  /** A part of this value as a field of its own at the same place. */
  public Field withText(String part) {
    return new Field(problems, path, new Scalar(node.at(), part, false));
  }

  private boolean isNotEmpty(List<Field> items, String expected) {
    if (items.isEmpty()) {
      wrong("the list is empty", "an empty list", expected, null);
    }
    return !items.isEmpty();
  }

  private List<Field> items(Sequence sequence) {
    List<Field> items = new ArrayList<>();
    for (Node item : sequence.items()) {
      items.add(new Field(problems, KeyPaths.item(path, items.size()), item));
    }
    return items;
  }

  private <T extends Node> Optional<T> shape(Class<T> wanted, String expected) {
    if (node instanceof Scalar scalar && scalar.isNull()) {
      wrong("the value is missing", expected);
    } else if (wanted.isInstance(node)) {
      return Optional.of(wanted.cast(node));
    } else if (!(node instanceof Node.Invalid)) {
      wrong("wrong type", VisibleText.shape(node), expected, null);
    }
    return Optional.empty();
  }
}
