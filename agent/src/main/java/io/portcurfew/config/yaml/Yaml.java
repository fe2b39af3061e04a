package io.portcurfew.config.yaml;

import java.util.Iterator;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads the small part of YAML 1.2 that a reviewed file needs: one document of mappings, lists and
 * scalars. No value is ever guessed from how it looks.
 */
public final class Yaml {

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(SourceText.MOST).build();

  private Yaml() {}

  /** The document; nothing where the file holds none or it was given up. */
  public static Optional<Node> read(byte[] file, Problems problems) {
    return SourceText.of(file, problems)
        .filter(text -> hasNoDirective(text, problems))
        .flatMap(text -> document(text, problems));
  }

  /** The engine drops a directive that it does not know, so they are looked for here. */
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
      SyntaxErrorText.tell(e, text, builder.reached(), problems);
    } catch (YamlEngineException e) {
      notYaml(builder, VisibleText.text(String.valueOf(e.getMessage())), problems);
    } catch (NumberFormatException e) {
      // snakeyaml-engine 3.2 on an escape like "\UFFFFFFFF".
      notYaml(builder, "an escape that is no character", problems);
    }
    return Optional.empty();
  }

  private static void notYaml(NodeBuilder builder, String found, Problems problems) {
    problems.add(builder.reached(), null, "what follows here is not YAML", found, "YAML 1.2");
  }
}
