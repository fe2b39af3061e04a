package io.portcurfew.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.portcurfew.judge.JudgedSnapshot;
import io.portcurfew.judge.SampleSockets;
import io.portcurfew.output.VerdictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Holds the JSON of a verdict against its shipped schema. */
class VerdictSchemaTest {

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;

  private static Schema schema() throws IOException {
    String text = Files.readString(Path.of("../config/verdict.schema.json"));
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(JSON.readTree(text));
  }

  private String json(String capture) throws IOException {
    return JudgeRun.of(folder, "ss", capture.getBytes(StandardCharsets.UTF_8)).json();
  }

  @Test
  void verdictsOfOneAndSeveralHostsFitTheSchema() throws IOException {
    String ss = CaptureSamples.of("ss");
    String several = json("== web-1 ==\n" + ss + "== web-2 ==\n" + ss.stripTrailing());

    assertThat(schema().validate(JSON.readTree(json(ss)))).isEmpty();
    assertThat(schema().validate(JSON.readTree(several))).isEmpty();
    assertThat(several).contains("\"hosts\"");
  }

  @Test
  void otherSocketsFitTheSchema() throws IOException {
    JudgedSnapshot judged = SampleSockets.judged();
    String text = VerdictJson.render(judged.snapshot(), judged.judgement());
    assertThat(schema().validate(JSON.readTree(text))).isEmpty();
    assertThat(text)
        .contains("\"sockets\"", "\"filtered\": true", "\"unlisted_families\"", "\"limits\"")
        .contains("\"socket\": {");
  }

  @Test
  void anotherObjectDoesNotFit() throws IOException {
    String other = json(CaptureSamples.of("ss")).replace("\"port\": 6110", "\"port\": 0");

    assertThat(schema().validate(JSON.readTree(other))).isNotEmpty();
  }
}
