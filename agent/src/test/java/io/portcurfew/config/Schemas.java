package io.portcurfew.config;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The shipped JSON Schemas, and files as an editor would hand them to a schema. */
public final class Schemas {

  private static final JsonMapper JSON = new JsonMapper();
  private static final LoadSettings CORE =
      LoadSettings.builder().setSchema(new CoreSchema()).build();

  private Schemas() {}

  static JsonNode tree(String kind) {
    try {
      return JSON.readTree(Files.readString(Examples.SHIPPED.resolve(name(kind))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(String kind) {
    return switch (kind) {
      case "policy" -> "policy.schema.json";
      case "config" -> "portcurfew.schema.json";
      default -> "policy-test.schema.json";
    };
  }

  public static Schema schema(String kind) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(tree(kind));
  }

  /** The problems that the schema finds in a file; empty if it is good. */
  public static List<String> errors(Schema schema, byte[] yaml) {
    Object document = new Load(CORE).loadFromString(new String(yaml, StandardCharsets.UTF_8));
    return schema.validate(JSON.valueToTree(document)).stream().map(Object::toString).toList();
  }
}
