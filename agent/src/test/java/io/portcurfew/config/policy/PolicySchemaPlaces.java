package io.portcurfew.config.policy;

import io.portcurfew.config.SchemaPlace;
import java.util.List;

/** The keys of policies and their tests, each with its place in the schema. */
public final class PolicySchemaPlaces {

  public static final List<SchemaPlace> ALL =
      List.of(
          new SchemaPlace("policy", "", PolicyReader.KEYS),
          new SchemaPlace("policy", "/$defs/rule", RuleReader.KEYS),
          new SchemaPlace("policy", "/$defs/owner", OwnerTermReader.KEYS),
          new SchemaPlace("policy", "/$defs/container", ContainerTermReader.KEYS),
          new SchemaPlace("test", "", TestFileReader.KEYS),
          new SchemaPlace("test", "/$defs/test", PolicyTestReader.KEYS),
          new SchemaPlace("test", "/$defs/test/properties/capture", CaptureReader.KEYS),
          new SchemaPlace("test", "/$defs/test/properties/expect", ExpectedReader.KEYS),
          new SchemaPlace("test", "/$defs/finding", ExpectedReader.FINDING_KEYS),
          new SchemaPlace("test", "/$defs/verdict", ExpectedReader.VERDICT_KEYS));

  private PolicySchemaPlaces() {}
}
