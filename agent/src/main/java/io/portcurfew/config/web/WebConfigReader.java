package io.portcurfew.config.web;

import io.portcurfew.config.files.ConfigSource;
import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.config.yaml.DistinctItems;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.TextReader;
import io.portcurfew.config.yaml.Yaml;
import io.portcurfew.web.access.RequestRate;
import io.portcurfew.web.access.TlsSettings;
import io.portcurfew.web.access.WebAccess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the web configuration file of exporter-toolkit (docs/web-configuration.md there). Every key
 * is known; a value that this server cannot serve is refused.
 */
public final class WebConfigReader {

  static final List<String> KEYS =
      List.of(
          "tls_server_config",
          "http_server_config",
          "basic_auth_users",
          "basic_auth_excluded_paths",
          "rate_limit");

  private static final int LONGEST_PATH = 200;

  private WebConfigReader() {}

  /** Reads a file and those that it names; adds their problems. */
  public static Optional<WebAccess> read(Path file, ReadFiles files, List<Problem> into) {
    ConfigSource source = new ConfigSource.OnDisk(file);
    Problems problems = new Problems(source.name(), files::touch);
    Optional<WebAccess> access =
        source
            .read(problems, files.trust())
            .flatMap(text -> Yaml.read(text, problems))
            .flatMap(root -> Section.of(new Field(problems, null, root), KEYS))
            .map(section -> read(section, folder(file)));
    into.addAll(problems.inOrder());
    return access;
  }

  private static Path folder(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? Path.of("/") : folder;
  }

  private static WebAccess read(Section section, Path folder) {
    Optional<TlsSettings> tls =
        section.optional("tls_server_config").flatMap(field -> TlsReader.read(field, folder));
    Map<String, String> headers =
        section.optional("http_server_config").map(HttpServerReader::headers).orElse(Map.of());
    Map<String, String> users =
        section.optional("basic_auth_users").map(UsersReader::read).orElse(Map.of());
    Optional<RequestRate> rate = section.optional("rate_limit").flatMap(RateReader::read);
    return new WebAccess(
        tls.orElse(null), users, withoutLogin(section), headers, rate.orElse(null));
  }

  private static Set<String> withoutLogin(Section section) {
    String expected = "a path like /-/healthy";
    return section
        .optional("basic_auth_excluded_paths")
        .flatMap(field -> field.listOrEmpty("a list of paths"))
        .map(
            items ->
                Set.copyOf(
                    DistinctItems.read(
                        items, item -> TextReader.line(item, LONGEST_PATH, expected))))
        .orElse(Set.of());
  }
}
