package io.portcurfew.config.receivers;

import io.portcurfew.config.SchemaPlace;
import java.util.List;

/** The keys of receivers, each with its place in the schema. */
public final class ReceiverSchemaPlaces {

  public static final List<SchemaPlace> ALL =
      List.of(
          new SchemaPlace(
              "config", "/properties/notify/properties/heartbeat", HeartbeatReader.KEYS),
          new SchemaPlace("config", "/properties/inventory", InventoryReader.KEYS),
          new SchemaPlace("config", "/$defs/receiver", ReceiverReader.KEYS),
          new SchemaPlace("config", "/$defs/webhook", WebhookReader.KEYS),
          new SchemaPlace("config", "/$defs/alertmanager", AlertmanagerReader.KEYS),
          new SchemaPlace("config", "/$defs/email", EmailReader.KEYS),
          new SchemaPlace("config", "/$defs/email/properties/template", EmailReader.TEMPLATE_KEYS),
          new SchemaPlace("config", "/$defs/syslog", SyslogReader.KEYS),
          new SchemaPlace(
              "config", "/$defs/syslog/properties/template", SyslogReader.TEMPLATE_KEYS),
          new SchemaPlace("config", "/$defs/slack", SlackReader.KEYS),
          new SchemaPlace("config", "/$defs/slack/properties/template", SlackReader.TEMPLATE_KEYS),
          new SchemaPlace("config", "/$defs/pagerduty", PagerdutyReader.KEYS),
          new SchemaPlace(
              "config", "/$defs/pagerduty/properties/template", PagerdutyReader.TEMPLATE_KEYS),
          new SchemaPlace("config", "/$defs/command", CommandReader.KEYS),
          new SchemaPlace("config", "/$defs/file", FileSettingsReader.KEYS));

  private ReceiverSchemaPlaces() {}
}
