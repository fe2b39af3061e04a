package io.portcurfew.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON that somebody else wrote, as maps, lists, strings, longs, doubles and booleans. An object
 * with one key twice is refused, because readers do not agree about its value.
 */
public final class JsonText {

  /** Deeper text is not read, so that its depth cannot end the stack. */
  private static final int DEEPEST = 64;

  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private JsonText() {}

  /**
   * Reads the values of a text, one after the other.
   *
   * @throws IllegalArgumentException where any of the text is not JSON
   */
  public static List<Object> values(String text) {
    List<Object> values = new ArrayList<>();
    try (JsonParser parser = FACTORY.createParser(text)) {
      while (parser.nextToken() != null) {
        Object value = value(parser, DEEPEST);
        if (value != null) {
          values.add(value);
        }
      }
    } catch (IOException malformed) {
      throw new IllegalArgumentException("not JSON", malformed);
    }
    return values;
  }

  private static @Nullable Object value(JsonParser in, int depth) throws IOException {
    JsonToken token = in.currentToken();
    if (token == null || depth == 0) {
      throw new IllegalArgumentException(token == null ? "it ends early" : "it is too deep");
    }
    return switch (token) {
      case START_OBJECT -> object(in, depth);
      case START_ARRAY -> array(in, depth);
      case VALUE_STRING -> in.getText();
      case VALUE_NUMBER_INT -> whole(in);
      case VALUE_NUMBER_FLOAT -> in.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      default -> throw new IllegalArgumentException("unexpected " + token);
    };
  }

  /** A number that no long holds is a double, which no reader takes for a port. */
  private static Object whole(JsonParser in) throws IOException {
    return switch (in.getNumberType()) {
      case INT, LONG -> in.getLongValue();
      default -> in.getDoubleValue();
    };
  }

  private static Map<String, Object> object(JsonParser in, int depth) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      String name = in.currentName();
      in.nextToken();
      Object value = value(in, depth - 1);
      if (value != null) {
        map.put(name, value);
      }
    }
    return map;
  }

  private static List<Object> array(JsonParser in, int depth) throws IOException {
    List<Object> list = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      Object value = value(in, depth - 1);
      if (value != null) {
        list.add(value);
      }
    }
    return list;
  }
}
