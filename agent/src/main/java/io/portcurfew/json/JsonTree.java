package io.portcurfew.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object for reading: one that an agent has written, or that a container engine keeps.
 * Unexpected content is an {@link IllegalArgumentException}.
 */
public final class JsonTree {

  private static final JsonFactory FACTORY = new JsonFactory();

  private final Map<?, ?> map;

  private JsonTree(Map<?, ?> map) {
    this.map = map;
  }

  /** Reads one object. */
  public static JsonTree of(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      return tree(value(parser));
    } catch (IOException malformed) {
      throw new IllegalArgumentException("not the JSON of an object", malformed);
    }
  }

  /** Reads the objects of a list. */
  public static List<JsonTree> listOf(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      return value(parser) instanceof List<?> list
          ? list.stream().map(JsonTree::tree).toList()
          : List.of();
    } catch (IOException malformed) {
      throw new IllegalArgumentException("not the JSON of a list", malformed);
    }
  }

  private static JsonTree tree(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new JsonTree(map);
    }
    throw new IllegalArgumentException("an object is missing");
  }

  private static @Nullable Object value(JsonParser in) throws IOException {
    JsonToken token = in.currentToken();
    if (token == null) {
      throw new IllegalArgumentException("the text ends early");
    }
    return switch (token) {
      case START_OBJECT -> object(in);
      case START_ARRAY -> array(in);
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT -> integer(in);
      case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalArgumentException("unexpected " + token);
    };
  }

  /** An integer that is too large for a Long stays what it is: no limit of a container is read. */
  private static Number integer(JsonParser in) throws IOException {
    boolean large = in.getNumberType() == JsonParser.NumberType.BIG_INTEGER;
    return large ? in.getBigIntegerValue() : (Number) in.getLongValue();
  }

  private static Map<String, Object> object(JsonParser in) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      Object value = value(in);
      if (value != null) {
        map.put(name, value);
      }
    }
    return map;
  }

  private static List<Object> array(JsonParser in) throws IOException {
    List<Object> list = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      Object value = value(in);
      if (value != null) {
        list.add(value);
      }
    }
    return list;
  }

  /** The whole object, in a form for {@link Json}. */
  public Map<?, ?> map() {
    return Collections.unmodifiableMap(map);
  }

  /** The names of its values. */
  public Set<String> names() {
    return Set.copyOf(map.keySet().stream().map(String::valueOf).toList());
  }

  /** A string that must not be missing. */
  public String text(String name) {
    return required(name, textOr(name));
  }

  /** A string; {@code null} if it is missing. */
  public @Nullable String textOr(String name) {
    return as(String.class, map.get(name));
  }

  /** An integer that must not be missing. */
  public long number(String name) {
    return required(name, numberOr(name));
  }

  /** An integer; {@code null} if it is missing. */
  public @Nullable Long numberOr(String name) {
    return as(Long.class, map.get(name));
  }

  /** A boolean; {@code null} if it is missing. */
  public @Nullable Boolean flagOr(String name) {
    return as(Boolean.class, map.get(name));
  }

  /** An object that must not be missing. */
  public JsonTree tree(String name) {
    return tree(map.get(name));
  }

  /** An object; {@code null} if it is missing. */
  public @Nullable JsonTree treeOr(String name) {
    return map.containsKey(name) ? tree(name) : null;
  }

  /** The objects of a list; empty if it is missing. */
  public List<JsonTree> trees(String name) {
    return list(name).stream().map(JsonTree::tree).toList();
  }

  /** The strings of a list; empty if it is missing. */
  public List<String> texts(String name) {
    return list(name).stream().map(item -> required(name, as(String.class, item))).toList();
  }

  private List<?> list(String name) {
    List<?> list = as(List.class, map.get(name));
    return list == null ? List.of() : list;
  }

  private static <T> T required(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  private static <T> @Nullable T as(Class<T> type, @Nullable Object value) {
    if (value != null && !type.isInstance(value)) {
      throw new IllegalArgumentException("not a " + type.getSimpleName());
    }
    return type.cast(value);
  }
}
