package io.portcurfew.config;

import io.portcurfew.bundle.signature.AllowedSigners;
import io.portcurfew.bundle.signature.SignatureRefusal;
import io.portcurfew.config.PolicySetting.BundleSource;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.files.FileTrust;
import io.portcurfew.config.files.GuardedFile;
import io.portcurfew.config.files.PathReader;
import io.portcurfew.config.receivers.AuthoritiesReader;
import io.portcurfew.config.receivers.UrlReader;
import io.portcurfew.config.yaml.DurationReader;
import io.portcurfew.config.yaml.Field;
import io.portcurfew.config.yaml.LabelsReader;
import io.portcurfew.config.yaml.NumberReader;
import io.portcurfew.config.yaml.Section;
import io.portcurfew.config.yaml.VisibleText;
import io.portcurfew.notify.http.TrustedAuthorities;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the settings of signed bundles: {@code policy: {bundle: ...}}. */
final class BundleSourceReader {

  static final List<String> KEYS =
      List.of(
          "bundle",
          "allowed_signers",
          "revoked_keys",
          "every",
          "canary",
          "labels",
          "ca_file",
          "insecure");

  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final DurationReader INTERVAL =
      new DurationReader(Duration.ofSeconds(10), Duration.ofHours(24));
  private static final NumberReader CANARY = new NumberReader(0, 10_000);
  private static final String FILE =
      "the absolute path of an allowed_signers file, see ssh-keygen(1)";
  private static final String BUNDLE =
      "https://policies.example.org/policy-bundle.tar.gz, or the path of a file";

  private final @Nullable Path folder;

  /**
   * @param folder the folder of the config, for a relative path
   */
  BundleSourceReader(@Nullable Path folder) {
    this.folder = folder;
  }

  Optional<PolicySetting> read(Field field) {
    return Section.of(field, KEYS).flatMap(this::read);
  }

  private Optional<PolicySetting> read(Section section) {
    boolean insecure = UrlReader.insecure(section);
    Optional<URI> location = section.required("bundle").flatMap(field -> location(field, insecure));
    Optional<AllowedSigners> signers = signers(section);
    Duration every = section.optional("every").flatMap(INTERVAL::read).orElse(EVERY);
    Integer canary = section.optional("canary").flatMap(CANARY::read).orElse(null);
    Map<String, String> labels =
        section.optional("labels").<Map<String, String>>map(LabelsReader::readAny).orElse(Map.of());
    List<URI> urls = location.filter(url -> !isFile(url)).stream().toList();
    UrlReader.refuseUselessInsecure(section, urls, insecure);
    TrustedAuthorities authorities = AuthoritiesReader.read(section, urls);
    return location.flatMap(
        url ->
            signers.map(keys -> new BundleSource(url, keys, every, canary, labels, authorities)));
  }

  private static boolean isFile(URI url) {
    return "file".equals(url.getScheme());
  }

  private Optional<URI> location(Field field, boolean insecure) {
    String text = field.scalar(BUNDLE).map(scalar -> scalar.text()).orElse("");
    if (text.startsWith("http://") || text.startsWith("https://")) {
      return UrlReader.read(field, insecure);
    }
    if (text.contains("://")) {
      field.wrong("not the address of a bundle", BUNDLE);
      return Optional.empty();
    }
    return PathReader.any(field, BUNDLE)
        .map(path -> (folder == null ? path : folder.resolve(path)).toAbsolutePath().toUri());
  }

  private static Optional<AllowedSigners> signers(Section section) {
    Optional<Field> field = section.required("allowed_signers");
    Optional<AllowedSigners> signers = field.flatMap(one -> signers(one, AllowedSigners::parse));
    Optional<Field> revoked = section.optional("revoked_keys");
    return revoked.isEmpty()
        ? signers
        : signers.flatMap(all -> signers(revoked.get(), all::without));
  }

  /** Parses the bytes of a list of keys. */
  private interface KeyParser {
    AllowedSigners parse(String name, byte[] bytes) throws SignatureRefusal;
  }

  private static Optional<AllowedSigners> signers(Field field, KeyParser parser) {
    Optional<Path> file = PathReader.absolute(field, FILE);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    field.problems().reads(file.get());
    try {
      GuardedFile.Content content =
          GuardedFile.read(file.get(), AllowedSigners.MOST, FileTrust.OF_THIS_PROCESS);
      content
          .complaints()
          .forEach(why -> field.wrong(why.what(), why.found(), why.expected(), null));
      return content.bytes().isEmpty()
          ? Optional.empty()
          : Optional.of(
              parser.parse(VisibleText.name(file.get().toString()), content.bytes().get()));
    } catch (IOException e) {
      field.wrong("the list of keys " + FileErrorText.of(e), FILE);
    } catch (SignatureRefusal e) {
      field.wrong("the list of keys is wrong: " + e.reason(), null, null, null);
    }
    return Optional.empty();
  }
}
