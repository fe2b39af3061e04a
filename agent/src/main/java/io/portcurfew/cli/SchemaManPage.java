package io.portcurfew.cli;

import io.portcurfew.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The man page of a file, made from its JSON Schema and an example of the documents. */
final class SchemaManPage {

  private static final String REFERENCE = "#/$defs/";
  private static final Pattern CODE = Pattern.compile("`([^`]*)`");

  /** The first example that a test reads with the real reader. */
  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- (?:config|policy) -->\n```yaml\n(.*?)```", Pattern.DOTALL);

  private final Map<?, ?> schema;
  private final Map<String, String> keys = new LinkedHashMap<>();

  private SchemaManPage(Map<?, ?> schema) {
    this.schema = schema;
  }

  /**
   * Renders the page as roff.
   *
   * @param name the name of the page, such as {@code portcurfew.yaml}
   * @param file the path of the installed file
   * @param document a page of the documents with an example
   */
  static String of(String schema, String name, String file, String document) {
    SchemaManPage page = new SchemaManPage((Map<?, ?>) JsonText.values(schema).get(0));
    page.collect("", page.schema, Set.of());
    return page.render(name, file, document);
  }

  private void collect(String prefix, Map<?, ?> node, Set<String> above) {
    for (Map.Entry<?, ?> property : map(node.get("properties")).entrySet()) {
      String path = prefix + property.getKey();
      Map<?, ?> value = map(property.getValue());
      String about = about(value);
      if (!about.isEmpty()) {
        keys.putIfAbsent(path, about);
      }
      descend(path, value, above);
    }
  }

  /** Follows references, items of lists and alternatives to the keys of inner objects. */
  private void descend(String path, Map<?, ?> value, Set<String> above) {
    String name = reference(value);
    if (name != null) {
      if (above.contains(name)) {
        return;
      }
      Set<String> inner = new TreeSet<>(above);
      inner.add(name);
      descend(path, map(map(schema.get("$defs")).get(name)), inner);
    }
    collect(path + ".", value, above);
    if (value.get("items") != null) {
      descend(path + "[]", map(value.get("items")), above);
    }
    for (String alternatives : List.of("anyOf", "oneOf")) {
      if (value.get(alternatives) instanceof List<?> list) {
        list.forEach(one -> descend(path, map(one), above));
      }
    }
  }

  /** The description of a key, or else that of its type, with its words and default. */
  private String about(Map<?, ?> value) {
    List<String> sentences = new ArrayList<>();
    Object description = value.get("description");
    String name = reference(value);
    Map<?, ?> type = name == null ? value : map(map(schema.get("$defs")).get(name));
    Object ofType = type.get("description");
    sentences.add(String.valueOf(description != null ? description : ofType != null ? ofType : ""));
    if (type.get("enum") instanceof List<?> words) {
      sentences.add(
          "One of: " + words.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ".");
    }
    Object usual = value.get("default");
    if (usual != null && !sentences.get(0).contains("Default:")) {
      sentences.add("Default: " + usual + ".");
    }
    return String.join(" ", sentences).strip();
  }

  private String render(String name, String file, String document) {
    StringBuilder page = new StringBuilder();
    page.append(".TH ").append(name.toUpperCase(Locale.ROOT).replace("-", "\\-"));
    page.append(" 5 \"\" \"portcurfew\" \"File Formats\"\n.SH NAME\n");
    page.append(text(name)).append(" \\- the ").append(title()).append("\n");
    page.append(".SH SYNOPSIS\n.I ").append(text(file)).append("\n.SH DESCRIPTION\n");
    page.append(text(String.valueOf(schema.get("description")))).append("\n");
    page.append("The file is YAML. An unknown key is a problem.\n.SH KEYS\n");
    keys.forEach(
        (key, about) ->
            page.append(".TP\n.B ")
                .append(text(key))
                .append("\n")
                .append(text(about))
                .append("\n"));
    page.append(".SH EXAMPLE\n.nf\n");
    Matcher example = EXAMPLE.matcher(document);
    if (!example.find()) {
      throw new IllegalArgumentException("the document has no example");
    }
    example
        .group(1)
        .lines()
        .map(ManPageCommand::plain)
        .forEach(line -> page.append(line).append("\n"));
    page.append(".fi\n.SH SEE ALSO\n.BR portcurfew (1),\n");
    page.append(".BR portcurfew.yaml (5),\n.BR portcurfew\\-policy (5)\n");
    return page.toString();
  }

  private String title() {
    String title = String.valueOf(schema.get("title"));
    return text(
        title
            .replace("Portcurfew agent", "configuration of the Portcurfew agent")
            .replace("Portcurfew policy", "policy of Portcurfew"));
  }

  /** Escapes a text for roff; names in backquotes are bold. */
  private static String text(String words) {
    return CODE.matcher(ManPageCommand.plain(words)).replaceAll("\\\\fB$1\\\\fR");
  }

  private static @Nullable String reference(Map<?, ?> value) {
    return value.get("$ref") instanceof String text && text.startsWith(REFERENCE)
        ? text.substring(REFERENCE.length())
        : null;
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return value instanceof Map<?, ?> map ? map : Map.of();
  }
}
