package io.portcurfew.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.portcurfew.bundle.signature.AllowedSigners;
import io.portcurfew.bundle.signature.SshKeygen;
import io.portcurfew.tags.HeavyLoad;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged bundle is read or refused; nothing else happens, and no signature fits it. */
@HeavyLoad
class BundleMutationTest {

  private static final int MUTATIONS = 50_000;
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

  @TempDir Path folder;

  @Test
  void mutatedArchive_isBundleOrRefusal() throws Exception {
    byte[] tar = unzipped(BundleFixture.of(3, BundleFixture.POLICY).archive());
    Random random = new Random(20261126);
    int refused = 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = mutated(tar, random);
      byte[] archive = random.nextInt(4) == 0 ? mutated(zipped(mutated), random) : zipped(mutated);
      try {
        assertThat(PolicyBundle.open(archive).manifest().revision()).isPositive();
      } catch (BundleRefusal why) {
        assertThat(why.reason()).isNotBlank().hasSizeLessThan(300);
        refused++;
      }
    }
    assertThat(refused).isBetween(MUTATIONS / 2, MUTATIONS - 1);
  }

  @Test
  void mutatedSignature_isNeverAccepted() throws Exception {
    SshKeygen keygen = new SshKeygen(folder);
    Path authority = keygen.key("ca");
    Path key = keygen.key("key", "-t", "ecdsa");
    keygen.certify(authority, key, "-I", "ops", "-n", "ops");
    byte[] archive = BundleFixture.of(3, BundleFixture.POLICY).archive();
    Path file = Files.write(folder.resolve("policy-bundle.tar.gz"), archive);
    Path certificate = folder.resolve("key-cert.pub");
    byte[] good = keygen.sign(certificate, file, SignedBundle.NAMESPACE);
    AllowedSigners signers =
        AllowedSigners.parse(
            "signers",
            SshKeygen.line("ops", "cert-authority", authority).getBytes(StandardCharsets.UTF_8));
    SignedBundle.verify(archive, good, signers, NOW);
    Random random = new Random(20261127);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = mutated(good, random);
      try {
        SignedBundle.verify(archive, mutated, signers, NOW);
        assertThat(same(mutated)).as("only the Base64 was changed").isEqualTo(same(good));
      } catch (BundleRefusal why) {
        assertThat(why.reason()).isNotBlank().hasSizeLessThan(300);
      }
    }
  }

  /** The bytes of a signature: white space and unused bits of Base64 have no meaning. */
  private static byte[] same(byte[] signature) {
    String text = new String(signature, StandardCharsets.ISO_8859_1).replaceAll("\\s", "");
    String body = text.replaceAll("-----[A-Z]+-----", "");
    return Base64.getDecoder().decode(body);
  }

  private static byte[] mutated(byte[] bytes, Random random) {
    byte[] mutated = bytes.clone();
    int changes = 1 + random.nextInt(3);
    for (int i = 0; i < changes && mutated.length > 0; i++) {
      int at = random.nextInt(mutated.length);
      switch (random.nextInt(4)) {
        case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> mutated[at] = (byte) random.nextInt(256);
        case 2 -> mutated = Arrays.copyOf(mutated, at);
        default -> {
          int from = random.nextInt(mutated.length);
          int length = Math.min(random.nextInt(64), mutated.length - Math.max(at, from));
          System.arraycopy(bytes, from, mutated, at, Math.max(0, length));
        }
      }
    }
    return mutated;
  }

  private static byte[] unzipped(byte[] archive) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(archive))) {
      return in.readAllBytes();
    }
  }

  private static byte[] zipped(byte[] tar) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(tar);
    }
    return out.toByteArray();
  }
}
