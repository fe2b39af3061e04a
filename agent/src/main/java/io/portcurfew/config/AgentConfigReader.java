package io.portcurfew.config;

import io.portcurfew.config.files.PathReader;
import io.portcurfew.config.receivers.GroupingReader;
import io.portcurfew.config.receivers.Heartbeat;
import io.portcurfew.config.receivers.HeartbeatReader;
import io.portcurfew.config.receivers.Inventory;
import io.portcurfew.config.receivers.InventoryReader;
import io.portcurfew.config.receivers.ReceiverReader;
import io.portcurfew.config.yaml.ChoiceReader;
import io.portcurfew.config.yaml.DurationReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Node;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.Yaml;
import io.portcurfew.notify.Grouping;
import io.portcurfew.observe.event.EventSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads portcurfew.yaml. */
final class AgentConfigReader {

  static final List<String> KEYS =
      List.of(
          "policy", "scan", "cross_check", "events", "state", "web", "log", "notify", "inventory");
  static final List<String> CROSS_CHECK_KEYS = List.of("every", "sweep");
  static final List<String> EVENT_KEYS = List.of("tcp", "udp");
  static final List<String> WEB_KEYS = List.of(WebListenReader.KEY, "config_file");
  static final List<String> LOG_KEYS = List.of("format");
  static final List<String> NOTIFY_KEYS =
      List.of("repeat_every", "heartbeat", "group_by", "group_wait", "receivers");

  private static final ScanTimes SCAN = new ScanTimes.Every(Duration.ofSeconds(10));
  private static final Duration CROSS_CHECK = Duration.ofMinutes(5);
  private static final Duration REPEAT = Duration.ofDays(1);
  private static final DurationReader REPEAT_EVERY =
      new DurationReader(Duration.ofMinutes(1), Duration.ofDays(30));
  private static final ChoiceReader<Boolean> SWEEP = ChoiceReader.yesOrNo();
  private static final ChoiceReader<Boolean> EVENTS = ChoiceReader.of("auto", true, "off", false);
  private static final Path STATE = Path.of("/var/lib/portcurfew");
  private static final ChoiceReader<LogFormat> LOG =
      ChoiceReader.of(LogFormat.values(), LogFormat::label);

  private final @Nullable Path folder;
  private final ScanReader scan;

  /**
   * @param folder the folder of the file; {@code null} for the shipped file, whose policy is the
   *     shipped one
   */
  AgentConfigReader(@Nullable Path folder, CronCheck cron) {
    this.folder = folder;
    this.scan = new ScanReader(cron);
  }

  /**
   * Reads the config. Invalid values become problems and defaults: such a config serves only to
   * find the policy, so that its problems are listed too.
   */
  public Optional<AgentConfig> read(byte[] text, Problems problems) {
    return root(text, problems).map(this::read);
  }

  private static Optional<Section> root(byte[] text, Problems problems) {
    return Yaml.read(text, problems)
        .flatMap(root -> Section.of(new Field(problems, null, root), KEYS));
  }

  /** The state folder, even if other keys are wrong; empty, with a problem, if it is wrong. */
  public static Optional<Path> state(byte[] text, Problems problems) {
    return root(text, problems).flatMap(AgentConfigReader::state);
  }

  private static Optional<Path> state(Section section) {
    Optional<Field> field = section.optional("state");
    return field.isEmpty() ? Optional.of(STATE) : field.flatMap(AgentConfigReader::state);
  }

  private AgentConfig read(Section section) {
    Optional<Section> crossCheck =
        section.optional("cross_check").flatMap(field -> Section.of(field, CROSS_CHECK_KEYS));
    Optional<Section> web = section.optional("web").flatMap(field -> Section.of(field, WEB_KEYS));
    Optional<Section> notify =
        section.optional("notify").flatMap(field -> Section.of(field, NOTIFY_KEYS));
    return new AgentConfig(
        section.optional("policy").flatMap(this::policy).orElse(null),
        section.optional("scan").flatMap(scan::read).orElse(SCAN),
        crossCheck
            .flatMap(inner -> inner.required("every"))
            .flatMap(ScanReader.INTERVAL::read)
            .orElse(CROSS_CHECK),
        crossCheck.flatMap(inner -> inner.optional("sweep")).flatMap(SWEEP::read).orElse(false),
        section
            .optional("events")
            .flatMap(field -> Section.of(field, EVENT_KEYS))
            .map(AgentConfigReader::events)
            .orElse(EventSettings.AUTO),
        section.optional("state").flatMap(AgentConfigReader::state).orElse(STATE),
        WebListenReader.read(web),
        web.flatMap(inner -> inner.optional("config_file")).flatMap(this::webConfig).orElse(null),
        inner(section, "log", LOG_KEYS).flatMap(LOG::read).orElse(LogFormat.TEXT),
        notify
            .flatMap(inner -> inner.optional("repeat_every"))
            .flatMap(REPEAT_EVERY::read)
            .orElse(REPEAT),
        notify.flatMap(AgentConfigReader::heartbeat).orElse(null),
        notify.map(GroupingReader::read).orElse(Grouping.USUAL),
        notify
            .flatMap(inner -> inner.required("receivers"))
            .map(ReceiverReader::readAll)
            .orElse(List.of()),
        inventory(section, notify));
  }

  private static EventSettings events(Section section) {
    return new EventSettings(
        section.optional("tcp").flatMap(EVENTS::read).orElse(true),
        section.optional("udp").flatMap(EVENTS::read).orElse(true));
  }

  private static Optional<Heartbeat> heartbeat(Section notify) {
    Optional<Field> receivers = notify.optional("receivers");
    List<String> names = receivers.map(ReceiverReader::names).orElse(List.of());
    List<String> pagers =
        receivers.map(field -> ReceiverReader.names(field, "pagerduty")).orElse(List.of());
    return notify
        .optional("heartbeat")
        .flatMap(field -> HeartbeatReader.read(field, names, pagers));
  }

  private static Inventory inventory(Section section, Optional<Section> notify) {
    List<String> files =
        notify
            .flatMap(inner -> inner.optional("receivers"))
            .map(field -> ReceiverReader.names(field, "file"))
            .orElse(List.of());
    return section
        .optional("inventory")
        .flatMap(field -> InventoryReader.read(field, files))
        .orElse(Inventory.NONE);
  }

  private Optional<PolicySetting> policy(Field field) {
    if (field.node() instanceof Node.Mapping) {
      return new BundleSourceReader(folder).read(field);
    }
    return relative(PathReader.any(field, "the path of a policy file, like policy.yaml"))
        .map(PolicySetting.PolicyPath::new);
  }

  private Optional<Path> webConfig(Field field) {
    return relative(
        PathReader.any(field, "the path of a web configuration file, like web-config.yml"));
  }

  private Optional<Path> relative(Optional<Path> path) {
    return path.flatMap(
        file -> folder == null ? Optional.empty() : Optional.of(folder.resolve(file)));
  }

  private static Optional<Path> state(Field field) {
    return PathReader.absolute(field, "an absolute path like /var/lib/portcurfew");
  }

  /** The value of a section's only key. */
  private static Optional<Field> inner(Section section, String name, List<String> onlyKey) {
    return section
        .optional(name)
        .flatMap(field -> Section.of(field, onlyKey))
        .flatMap(inner -> inner.required(onlyKey.get(0)));
  }
}
