package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaManPageTest {

  private static final String DOCUMENT = "text\n<!-- config -->\n```yaml\na: 1\n```\n";

  @Test
  void innerKeysAreNamedByTheirPath() {
    String schema =
        """
        {"title": "t", "description": "d",
         "properties": {"list": {"description": "A list.", "items": {"$ref": "#/$defs/one"}}},
         "$defs": {"one": {"properties": {
           "name": {"description": "Its `name`.", "enum": ["a", "b"], "default": "a"},
           "again": {"description": "The same.", "$ref": "#/$defs/one"}}}}}
        """;

    assertThat(SchemaManPage.of(schema, "x", "/etc/x", DOCUMENT))
        .contains(
            """
            .TP
            .B list
            A list.
            .TP
            .B list[].name
            Its \\fBname\\fR. One of: a, b. Default: a.
            .TP
            .B list[].again
            The same.
            """)
        .contains(".SH EXAMPLE\n.nf\na: 1\n.fi\n");
  }

  @ParameterizedTest
  @CsvSource({
    "portcurfew, portcurfew.yaml, daemon.md, notify.receivers[].webhook.url",
    "policy, portcurfew-policy, policy.md, rules[].by[].executable"
  })
  void shippedSchemaGivesAPageWithEveryKey(String schema, String name, String document, String key)
      throws IOException {
    String text = Files.readString(Path.of("../config/" + schema + ".schema.json"));
    String page =
        SchemaManPage.of(
            text, name, "/etc/portcurfew/" + name, Files.readString(Path.of("docs/" + document)));

    assertThat(page).startsWith(".TH PORTCURFEW").contains("\n.B " + key + "\n");
    assertThat(page.lines()).noneMatch(line -> line.startsWith("'") || line.contains("`"));
  }
}
