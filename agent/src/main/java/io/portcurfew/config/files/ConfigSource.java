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

/** Where the bytes of a config come from. */
public sealed interface ConfigSource {

  /** What problems call it. */
  String name();

  /** The folder that paths in it start from; {@code null} for what travels in the jar. */
  @Nullable Path folder();

  /** The bytes, of which no more than one beyond the allowed size are read. */
  Optional<byte[]> read(Problems problems);

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
    public Optional<byte[]> read(Problems problems) {
      problems.files().touch(file);
      try {
        Content content = GuardedFile.read(file, SourceText.MOST, problems.files().trust());
        for (Complaint why : content.complaints()) {
          problems.add(Position.START, null, why.what(), why.found(), why.expected());
        }
        return content.bytes();
      } catch (IOException e) {
        String what = "the file " + FileErrorText.of(e);
        problems.add(Position.START, null, what, "nothing to read", "a file that can be read");
        return Optional.empty();
      }
    }
  }

  /** A default that travels in the jar: {@code policy.yaml} or {@code portcurfew.yaml}. */
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
    public Optional<byte[]> read(Problems problems) {
      try (InputStream in = ConfigSource.class.getResourceAsStream("shipped/" + resource)) {
        return Optional.of(Objects.requireNonNull(in, resource).readAllBytes());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
