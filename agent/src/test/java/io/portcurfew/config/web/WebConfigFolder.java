package io.portcurfew.config.web;

import io.portcurfew.config.files.ReadFiles;
import io.portcurfew.config.yaml.Problem;
import io.portcurfew.web.access.WebAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A folder with certificates, keys and web configuration files. */
public record WebConfigFolder(Path folder) {

  private static final List<String> FILES =
      List.of(
          "ca.crt",
          "other.crt",
          "other.key",
          "prometheus.crt",
          "prometheus.key",
          "server.crt",
          "server.key",
          "server-ed.crt",
          "server-ed.key",
          "server-rsa.crt",
          "server-rsa.key",
          "server-rsa-pkcs1.key",
          "server-sec1.key",
          "server-sec1-params.key");

  /** Copies all certificates and keys; only their user can read the keys. */
  public static WebConfigFolder in(Path folder) throws IOException {
    WebConfigFolder made = new WebConfigFolder(folder);
    for (String name : FILES) {
      made.copy(name, name);
    }
    return made;
  }

  /** Copies one of the files under another name. */
  public void copy(String name, String as) throws IOException {
    try (InputStream in = WebConfigFolder.class.getResourceAsStream(name)) {
      Path file = folder.resolve(as);
      Files.write(file, Objects.requireNonNull(in, name).readAllBytes());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }
  }

  /** Writes web-config.yml. */
  public Path write(String yaml) throws IOException {
    return Files.writeString(folder.resolve("web-config.yml"), yaml);
  }

  /** The content of a good file. */
  public WebAccess read(String yaml) throws IOException {
    List<Problem> problems = new ArrayList<>();
    WebAccess access = WebConfigReader.read(write(yaml), new ReadFiles(), problems).orElseThrow();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(problems.toString());
    }
    return access;
  }

  /** The problems of a file as lines, without its path. */
  List<String> problems(String yaml) throws IOException {
    List<Problem> problems = new ArrayList<>();
    Path file = write(yaml);
    WebConfigReader.read(file, new ReadFiles(), problems);
    return problems.stream()
        .map(problem -> problem.toString().substring(file.toString().length() + 1))
        .toList();
  }
}
