package io.portcurfew.config.yaml;

import java.util.Iterator;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a strict subset of YAML 1.2: one document of mappings, lists and scalars. It never guesses
 * the type of a value.
 */
public final class Yaml {

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(SourceText.MOST).build();

  private Yaml() {}

  /** The document; empty if the file has none or cannot be parsed. */
  public static Optional<Node> read(byte[] file, Problems problems) {
    return SourceText.of(file, problems)
        .filter(text -> hasNoDirective(text, problems))
        .flatMap(text -> document(text, problems));
  }

  /** The YAML engine drops unknown directives silently, so they are refused here. */
  private static boolean hasNoDirective(String text, Problems problems) {
    int number = 0;
    for (String line : (Iterable<String>) text.lines()::iterator) {
      number++;
      if (line.startsWith("%")) {
        problems.add(
            new Position(number, 1),
            null,
            "a YAML directive is not allowed",
            VisibleText.text(line),
            "no line that begins with %");
        return false;
      }
      if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
        return true;
      }
    }
    return true;
  }

  private static Optional<Node> document(String text, Problems problems) {
    Iterator<Event> events = new Parse(SETTINGS).parseString(text).iterator();
    NodeBuilder builder = new NodeBuilder(events, problems);
    try {
      return builder.document();
    } catch (MarkedYamlEngineException e) {
      SyntaxErrorText.add(e, text, builder.reached(), problems);
    } catch (YamlEngineException e) {
      notYaml(builder, VisibleText.text(String.valueOf(e.getMessage())), problems);
    } catch (NumberFormatException e) {
      // snakeyaml-engine 3.2 on an escape like "\UFFFFFFFF".
      notYaml(builder, "an escape that is not a character", problems);
    }
    return Optional.empty();
  }

  private static void notYaml(NodeBuilder builder, String found, Problems problems) {
    problems.add(builder.reached(), null, "not valid YAML from here", found, "YAML 1.2");
  }
}
