package io.portcurfew.config.files;

import io.portcurfew.config.files.GuardedFile.Complaint;
import io.portcurfew.config.files.GuardedFile.Content;
import io.portcurfew.config.yaml.Position;
import io.portcurfew.config.yaml.Problems;
import io.portcurfew.config.yaml.SourceText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The source of a config file: a file on disk or a default in the jar. */
public sealed interface ConfigSource {

  /** The file name in problems. */
  String name();

  /** The folder for relative paths; {@code null} for a file in the jar. */
  @Nullable Path folder();

  /**
   * The content; reads at most one byte more than the allowed size.
   *
   * @param trust the owners whose files are read
   */
  Optional<byte[]> read(Problems problems, FileTrust trust);

  /** A file of the host. */
  record OnDisk(Path file) implements ConfigSource {

    @Override
    public String name() {
      return file.toString();
    }

    @Override
    public @Nullable Path folder() {
      return file.toAbsolutePath().getParent();
    }

    @Override
    public Optional<byte[]> read(Problems problems, FileTrust trust) {
      problems.reads(file);
      try {
        Content content = GuardedFile.read(file, SourceText.MOST, trust);
        for (Complaint why : content.complaints()) {
          problems.add(Position.START, null, why.what(), why.found(), why.expected());
        }
        return content.bytes();
      } catch (IOException e) {
        problems.add(Position.START, null, FileErrorText.ofFile(e), null, null);
        return Optional.empty();
      }
    }
  }

  /** A default in the jar: {@code policy.yaml} or {@code portcurfew.yaml}. */
  record Shipped(String resource) implements ConfigSource {

    @Override
    public String name() {
      return "shipped " + resource;
    }

    @Override
    public @Nullable Path folder() {
      return null;
    }

    @Override
    public Optional<byte[]> read(Problems problems, FileTrust trust) {
      try (InputStream in = ConfigSource.class.getResourceAsStream("shipped/" + resource)) {
        return Optional.of(Objects.requireNonNull(in, resource).readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
