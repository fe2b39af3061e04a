package io.portcurfew.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes trees of maps, collections, streams, strings, numbers, booleans and nulls as JSON. Any
 * other object is written as the string of its {@code toString}. Keys keep the order of the map. Of
 * a stream one item at a time is in memory.
 */
public final class Json {

  private static final JsonFactory FACTORY = new JsonFactory();

  private static final DateTimeFormatter RFC_3339 =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final Separators SEPARATORS =
      Separators.createDefaultInstance()
          .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
          .withObjectEmptySeparator("")
          .withArrayEmptySeparator("");

  private Json() {}

  /** Writes JSON on one line. */
  public static String compact(Object tree) {
    return write(tree, false);
  }

  /** Writes indented JSON with a final line break. */
  public static String pretty(Object tree) {
    return write(tree, true) + "\n";
  }

  /**
   * Writes indented JSON with a final line break.
   *
   * @throws UncheckedIOException if the writer fails
   */
  public static void pretty(Object tree, Writer out) {
    write(tree, true, out);
    try {
      out.write("\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a known value; an unknown one ({@code null}) gets no key. */
  public static void putKnown(Map<String, Object> tree, String key, @Nullable Object value) {
    if (value != null) {
      tree.put(key, value);
    }
  }

  /** A time in UTC with milliseconds, as RFC 3339 writes it. */
  public static String time(Instant instant) {
    return RFC_3339.format(instant);
  }

  private static String write(Object tree, boolean pretty) {
    StringWriter out = new StringWriter();
    write(tree, pretty, out);
    return out.toString();
  }

  private static void write(Object tree, boolean pretty, Writer out) {
    try (JsonGenerator generator = FACTORY.createGenerator(out)) {
      generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
      if (pretty) {
        DefaultIndenter indent = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(SEPARATORS);
        printer.indentObjectsWith(indent);
        printer.indentArraysWith(indent);
        generator.setPrettyPrinter(printer);
      }
      value(generator, tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void value(JsonGenerator out, @Nullable Object value) throws IOException {
    if (value == null) {
      out.writeNull();
    } else if (value instanceof Map<?, ?> map) {
      out.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        out.writeFieldName(String.valueOf(entry.getKey()));
        value(out, entry.getValue());
      }
      out.writeEndObject();
    } else if (value instanceof Collection<?> list) {
      out.writeStartArray();
      for (Object item : list) {
        value(out, item);
      }
      out.writeEndArray();
    } else if (value instanceof Stream<?> items) {
      out.writeStartArray();
      for (Iterator<?> each = items.iterator(); each.hasNext(); ) {
        value(out, each.next());
      }
      out.writeEndArray();
    } else if (value instanceof Boolean flag) {
      out.writeBoolean(flag);
    } else if (value instanceof Integer || value instanceof Long) {
      out.writeNumber(((Number) value).longValue());
    } else if (value instanceof Number number) {
      out.writeNumber(number.doubleValue());
    } else {
      out.writeString(value.toString());
    }
  }
}
