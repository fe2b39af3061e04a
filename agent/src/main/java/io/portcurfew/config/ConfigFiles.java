package io.portcurfew.config;

import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.copy.BundleCopy;
import io.portcurfew.config.files.ConfigSource;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.files.FileStamps;
import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.config.policy.BundledPolicy;
import io.portcurfew.config.policy.PolicyFiles;
import io.portcurfew.config.web.WebConfigReader;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.ReadResult;
import io.portcurfew.web.access.WebAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds and reads the config and its policy, and lists the problems of both. */
public final class ConfigFiles {

  /** The config of an installed agent. */
  public static final Path INSTALLED = Path.of("/etc/portcurfew/portcurfew.yaml");

  private final Path installed;
  private final CronCheck cron;

  /**
   * Creates a reader.
   *
   * @param installed the config to read if none is named and this one exists; {@link #INSTALLED}
   *     except in tests
   */
  public ConfigFiles(Path installed, CronCheck cron) {
    this.installed = installed;
    this.cron = cron;
  }

  /**
   * Reads the config, and the policy that it names.
   *
   * @param config {@code null} for the installed one if it exists, else the shipped one
   * @param policyOverride the policy to read instead of the one that the config names
   */
  public ReadResult<LoadedConfig> load(@Nullable Path config, @Nullable Path policyOverride) {
    return attempt(config, policyOverride, null).read();
  }

  /**
   * Like {@link #load}, with the stamps of all files, which show later changes.
   *
   * @param webConfigOverride the web configuration to read instead of the one that the config names
   */
  public LoadAttempt attempt(
      @Nullable Path config, @Nullable Path policyOverride, @Nullable Path webConfigOverride) {
    List<Problem> problems = new ArrayList<>();
    ReadFiles files = new ReadFiles();
    Optional<AgentConfig> agent = readConfig(configSource(config, files), files, problems);
    Path webConfig =
        webConfigOverride == null
            ? agent.map(AgentConfig::webConfig).orElse(null)
            : webConfigOverride;
    WebAccess access =
        Optional.ofNullable(webConfig)
            .flatMap(file -> WebConfigReader.read(file, files, problems))
            .orElse(WebAccess.OPEN);
    Optional<LoadedConfig> loaded =
        policyOverride == null
            ? agent.flatMap(read -> load(read, access, files, problems))
            : PolicyFiles.read(new ConfigSource.OnDisk(policyOverride), files, problems)
                .flatMap(policy -> agent.map(read -> loaded(read, policy, access)));
    return new LoadAttempt(
        loaded.isPresent() && problems.isEmpty()
            ? new ReadResult.Good<>(loaded.get())
            : new ReadResult.Bad<>(problems),
        new FileStamps(files.stamps()));
  }

  /**
   * The state folder of the agent. Other problems of the config are ignored, because a user without
   * access to the secrets must be able to read the state.
   *
   * @param config as for {@link #load}
   */
  public ReadResult<Path> state(@Nullable Path config) {
    ReadFiles files = new ReadFiles();
    ConfigSource source = configSource(config, files);
    Problems problems = new Problems(source.name(), files::touch);
    Optional<Path> state =
        source
            .read(problems, files.trust())
            .flatMap(text -> AgentConfigReader.state(text, problems));
    return state.isPresent()
        ? new ReadResult.Good<>(state.get())
        : new ReadResult.Bad<>(problems.inOrder());
  }

  /** A config that exists but cannot be accessed is not skipped: reading it gives a problem. */
  private ConfigSource configSource(@Nullable Path config, ReadFiles files) {
    if (config != null) {
      return new ConfigSource.OnDisk(config);
    }
    files.touch(installed);
    return Files.notExists(installed, LinkOption.NOFOLLOW_LINKS)
        ? new ConfigSource.Shipped("portcurfew.yaml")
        : new ConfigSource.OnDisk(installed);
  }

  /** Reads the policy that a config names: the shipped one, a file, or the copy of a bundle. */
  private static Optional<LoadedConfig> load(
      AgentConfig config, WebAccess access, ReadFiles files, List<Problem> problems) {
    if (config.policy() instanceof PolicySetting.BundleSource bundle) {
      return Optional.of(withBundle(config, bundle, files, problems).with(access));
    }
    ConfigSource source =
        config.policy() instanceof PolicySetting.PolicyPath path
            ? new ConfigSource.OnDisk(path.file())
            : new ConfigSource.Shipped("policy.yaml");
    return PolicyFiles.read(source, files, problems).map(policy -> loaded(config, policy, access));
  }

  /** Without a good copy the shipped policy watches the host until a bundle is fetched. */
  private static LoadedConfig withBundle(
      AgentConfig config,
      PolicySetting.BundleSource source,
      ReadFiles files,
      List<Problem> problems) {
    ActiveBundle none;
    try {
      Optional<SignedBundle> copy = new BundleCopy(config.state()).read(source.signers());
      if (copy.isPresent()) {
        PolicyFiles.ReadPolicy policy = BundledPolicy.read(copy.get().bundle());
        return new LoadedConfig(
            config, policy.policy(), policy.origin(), WebAccess.OPEN, ActiveBundle.of(copy.get()));
      }
      none = ActiveBundle.awaited();
    } catch (BundleRefusal e) {
      none = ActiveBundle.none("the copy of the policy bundle is refused: " + e.reason());
    } catch (IOException e) {
      none =
          ActiveBundle.none(
              "cannot read the copy of the policy bundle: " + FileErrorText.reason(e));
    }
    PolicyFiles.ReadPolicy shipped =
        PolicyFiles.read(new ConfigSource.Shipped("policy.yaml"), files, problems).orElseThrow();
    return new LoadedConfig(config, shipped.policy(), shipped.origin(), WebAccess.OPEN, none);
  }

  private Optional<AgentConfig> readConfig(
      ConfigSource source, ReadFiles files, List<Problem> into) {
    Problems problems = new Problems(source.name(), files::touch);
    AgentConfigReader reader = new AgentConfigReader(source.folder(), cron);
    Optional<AgentConfig> read =
        source.read(problems, files.trust()).flatMap(text -> reader.read(text, problems));
    into.addAll(problems.inOrder());
    return read;
  }

  private static LoadedConfig loaded(
      AgentConfig config, PolicyFiles.ReadPolicy policy, WebAccess access) {
    return new LoadedConfig(config, policy.policy(), policy.origin(), access);
  }
}
