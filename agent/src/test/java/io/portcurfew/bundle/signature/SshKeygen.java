package io.portcurfew.bundle.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.system.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Keys, certificates and signatures by the real ssh-keygen. */
public final class SshKeygen {

  private final Path folder;

  /** Keys in a folder. */
  public SshKeygen(Path folder) {
    this.folder = folder;
  }

  /** Makes a key pair without a passphrase and returns its private file. */
  public Path key(String name, String... kind) throws Exception {
    Path file = folder.resolve(name);
    List<String> arguments = new ArrayList<>(List.of("-q", "-N", "", "-C", name));
    arguments.addAll(List.of("-f", file.toString()));
    arguments.addAll(kind.length == 0 ? List.of("-t", "ed25519") : List.of(kind));
    run(arguments);
    return file;
  }

  /** The line of a list of signers for a key. */
  public static String line(String principals, String options, Path key) throws IOException {
    String separator = options.isEmpty() ? " " : " " + options + " ";
    return principals + separator + Files.readString(Path.of(key + ".pub"));
  }

  /** Signs a file and returns the signature. */
  public byte[] sign(Path key, Path file, String namespace, String... more) throws Exception {
    Path signature = Path.of(file + ".sig");
    Files.deleteIfExists(signature);
    List<String> arguments = new ArrayList<>(List.of("-Y", "sign", "-n", namespace));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("-f", key.toString(), file.toString()));
    run(arguments);
    return Files.readAllBytes(signature);
  }

  /** Certifies the public key of a pair. */
  public void certify(Path authority, Path key, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-q", "-s", authority.toString()));
    arguments.addAll(List.of(options));
    arguments.add(key + ".pub");
    run(arguments);
  }

  private static void run(List<String> arguments) throws Exception {
    Tool.Result result = Tool.run("ssh-keygen", arguments.toArray(String[]::new));
    assertThat(result.status()).as(result.output()).isZero();
  }
}
