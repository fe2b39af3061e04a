package io.portcurfew.bundle.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.system.Tool;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Signatures of the real ssh-keygen, verified by the JDK. */
class AllowedSignersTest {

  private static final String NAMESPACE = "policy@portcurfew";
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final byte[] MESSAGE = "version: 1\nrules: []\n".getBytes(UTF_8);

  @TempDir Path folder;
  private SshKeygen keygen;
  private Path file;

  @BeforeEach
  void writeFile() throws Exception {
    keygen = new SshKeygen(folder);
    file = Files.write(folder.resolve("policy.yaml"), MESSAGE);
  }

  @ParameterizedTest
  @CsvSource({"ed25519,256", "ecdsa,256", "ecdsa,384", "ecdsa,521", "rsa,2048"})
  void signature_isAccepted_fromEachKindOfKey(String kind, String bits) throws Exception {
    Path key = keygen.key("key", "-t", kind, "-b", bits);
    for (String hash : new String[] {"sha256", "sha512"}) {
      byte[] signature = keygen.sign(key, file, NAMESPACE, "-O", "hashalg=" + hash);
      AllowedSigners.Signer signer = verify(SshKeygen.line("ops@example.org", "", key), signature);
      assertThat(signer.principal()).isEqualTo("ops@example.org");
      assertThat(Tool.run("ssh-keygen", "-lf", key + ".pub").output())
          .contains(signer.fingerprint());
      byte[] other = MESSAGE.clone();
      other[0] ^= 1;
      assertThatThrownBy(
              () ->
                  signers(SshKeygen.line("ops", "", key)).verify(other, signature, NAMESPACE, NOW))
          .hasMessage("the signature does not fit the file");
    }
  }

  @Test
  void smallRsaKey_isRefused() throws Exception {
    Path key = keygen.key("key", "-t", "rsa", "-b", "1024");
    refused(SshKeygen.line("ops", "", key), new byte[0], "signers:1: an RSA key has 1024 bits;");
  }

  @Test
  void signatureForOtherNamespace_isRefused() throws Exception {
    Path key = keygen.key("key");
    byte[] signature = keygen.sign(key, file, "git");
    refused(
        SshKeygen.line("ops", "", key),
        signature,
        "the signature is for the namespace git; expected: policy@portcurfew");
  }

  @Test
  void unlistedKey_isRefused() throws Exception {
    byte[] signature = keygen.sign(keygen.key("key"), file, NAMESPACE);
    Path other = keygen.key("other");
    refused(SshKeygen.line("ops", "", other), signature, "is not in the list of allowed signers");
    refused(
        SshKeygen.line("*", "cert-authority", folder.resolve("key")),
        signature,
        "is not in the list of allowed signers");
  }

  @Test
  void revokedKey_isRefused() throws Exception {
    Path key = keygen.key("key");
    byte[] signature = keygen.sign(key, file, NAMESPACE);
    AllowedSigners signers =
        signers(SshKeygen.line("ops", "", key))
            .without(
                "revoked", ("# left\n" + Files.readString(Path.of(key + ".pub"))).getBytes(UTF_8));
    assertThatThrownBy(() -> signers.verify(MESSAGE, signature, NAMESPACE, NOW))
        .hasMessageStartingWith("the key SHA256:")
        .hasMessageEndingWith(" is revoked");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "namespaces=\"git,file\" | of ops may not sign for the namespace policy@portcurfew",
        "namespaces=\"*,!policy@*\" | of ops may not sign for the namespace policy@portcurfew",
        "valid-after=\"20261127Z\" | of ops is not valid before 2026-11-27T00:00:00Z",
        "valid-before=\"202611261200Z\" | of ops was valid until 2026-11-26T12:00:00Z",
        "valid-before=20261126120000Z | of ops was valid until 2026-11-26T12:00:00Z",
      })
  void optionOfTheList_isObeyed(String options, String message) throws Exception {
    Path key = keygen.key("key");
    byte[] signature = keygen.sign(key, file, NAMESPACE);
    refused(SshKeygen.line("ops", options, key), signature, message);
  }

  @Test
  void allowedOptions_areAccepted() throws Exception {
    Path key = keygen.key("key");
    byte[] signature = keygen.sign(key, file, NAMESPACE);
    String options = "valid-after=\"20261126Z\",NAMESPACES=\"git,policy@*\",valid-before=20271126";
    String list = "# ours\n\n" + SshKeygen.line("\"ops,night ops\"", options, key);
    assertThat(verify(list, signature).principal()).isEqualTo("ops,night ops");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ops | signers:1: a part is missing. Expected: PRINCIPALS [OPTIONS] KEYTYPE KEY",
        "ops ssh-ed25519 AAAA* | signers:1: the key is not Base64",
        "ops ssh-ed25519 AAAA | signers:1: the key is damaged",
        "ops zero ssh-ed25519 AAAA | signers:1: unknown option zero. Expected: cert-authority,",
        "ops valid-after=x ssh-ed25519 AAAA | signers:1: not a time: x. Expected: YYYYMMDD",
        "ops valid-after=20261301Z ssh-ed25519 AAAA | signers:1: not a time: 20261301Z",
        "\"ops ssh-ed25519 AAAA | signers:1: a quote does not end",
        "# nobody | signers: the file lists no key",
      })
  void wrongList_isRefused(String list, String message) {
    refused(list, new byte[0], message);
  }

  @Test
  void damagedSignature_isRefused() throws Exception {
    Path key = keygen.key("key");
    String good = new String(keygen.sign(key, file, NAMESPACE), UTF_8);
    String list = SshKeygen.line("ops", "", key);
    refused(list, new byte[0], "the signature is empty");
    refused(list, "hello".getBytes(UTF_8), "the signature file does not begin with -----BEGIN");
    refused(list, good.substring(0, 200).getBytes(UTF_8), "the signature file ends early");
    refused(list, good.replace("U1NIU0lH", "V1NIU0lH").getBytes(UTF_8), "signature is damaged");
    refused(list, new byte[SshSignature.MOST + 1], "the signature is larger than 64 KiB");
  }

  @Test
  void certificateOfListedAuthority_isAccepted() throws Exception {
    for (String kind : new String[] {"ed25519", "ecdsa", "rsa"}) {
      Path authority = keygen.key("ca-" + kind, "-t", kind);
      Path key = keygen.key("key-" + kind, "-t", kind);
      keygen.certify(authority, key, "-I", "night", "-n", "alice@example.org", "-V", validity());
      Path certificate = folder.resolve("key-" + kind + "-cert.pub");
      byte[] signature = keygen.sign(certificate, file, NAMESPACE);
      String list = SshKeygen.line("*@example.org", "cert-authority", authority);
      assertThat(verify(list, signature).principal()).isEqualTo("alice@example.org");
      refused(
          SshKeygen.line("*@example.com", "cert-authority", authority),
          signature,
          "may not certify this signer");
      refused(SshKeygen.line("*", "", authority), signature, "is not in the list of allowed");
    }
  }

  @Test
  void certificateOutsideItsTime_isRefused() throws Exception {
    Path authority = keygen.key("ca");
    Path key = keygen.key("key");
    keygen.certify(authority, key, "-I", "night", "-n", "alice", "-V", validity());
    byte[] signature = keygen.sign(folder.resolve("key-cert.pub"), file, NAMESPACE);
    AllowedSigners signers = signers(SshKeygen.line("*", "cert-authority", authority));
    assertThatThrownBy(
            () ->
                signers.verify(
                    MESSAGE, signature, NAMESPACE, Instant.parse("2026-11-24T00:00:00Z")))
        .hasMessageStartingWith("the certificate night is not valid before 2026-11-2");
    assertThatThrownBy(
            () ->
                signers.verify(
                    MESSAGE, signature, NAMESPACE, Instant.parse("2026-12-02T00:00:00Z")))
        .hasMessageStartingWith("the certificate night expired at 2026-1");
    refusedBy(
        signers.without("revoked", Files.readAllBytes(Path.of(key + ".pub"))),
        signature,
        "is revoked");
    refusedBy(
        signers.without("revoked", Files.readAllBytes(Path.of(authority + ".pub"))),
        signature,
        "is revoked");
  }

  @Test
  void certificateWithoutPrincipal_isRefused() throws Exception {
    Path authority = keygen.key("ca");
    Path key = keygen.key("key");
    keygen.certify(authority, key, "-I", "any");
    byte[] signature = keygen.sign(folder.resolve("key-cert.pub"), file, NAMESPACE);
    refused(
        SshKeygen.line("*", "cert-authority", authority),
        signature,
        "the certificate has no principal");
  }

  @Test
  void certificateOfHostOrWithOptions_isRefused() throws Exception {
    Path authority = keygen.key("ca");
    Path key = keygen.key("key");
    String list = SshKeygen.line("*", "cert-authority", authority);
    keygen.certify(authority, key, "-h", "-I", "web", "-n", "alice");
    byte[] ofHost = keygen.sign(folder.resolve("key-cert.pub"), file, NAMESPACE);
    refused(list, ofHost, "the certificate web is not a user's");
    keygen.certify(authority, key, "-O", "force-command=id", "-I", "forced", "-n", "alice");
    byte[] forced = keygen.sign(folder.resolve("key-cert.pub"), file, NAMESPACE);
    refused(list, forced, "the certificate forced has critical options; expected: none");
  }

  @Test
  void forgedCertificate_isRefused() throws Exception {
    Path authority = keygen.key("ca");
    Path key = keygen.key("key");
    keygen.certify(authority, key, "-I", "night", "-n", "alice", "-V", validity());
    Path certificate = folder.resolve("key-cert.pub");
    String[] words = Files.readString(certificate).split(" ", -1);
    byte[] blob = Base64.getDecoder().decode(words[1]);
    int at = new String(blob, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("alice");
    System.arraycopy("mally".getBytes(UTF_8), 0, blob, at, 5);
    assertThatThrownBy(() -> SshCertificate.parse(blob))
        .hasMessage("the certificate night was not signed by its authority");
  }

  /** No hardware key is here, so its signature is made from its description in PROTOCOL.u2f. */
  @Test
  void signatureOfHardwareKey_isAcceptedAsSshKeygenDoes() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] encoded = pair.getPublic().getEncoded();
    byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    String type = "sk-ssh-ed25519@openssh.com";
    byte[] blob =
        new WireWriter()
            .string(type.getBytes(UTF_8))
            .string(point)
            .string("ssh:".getBytes(UTF_8))
            .bytes();
    String list = "ops " + type + " " + Base64.getEncoder().encodeToString(blob) + "\n";
    byte[] touched = hardwareSignature(pair, type, blob, (byte) 1);
    assertThat(verify(list, touched).principal()).isEqualTo("ops");
    assertThat(verifiedBySshKeygen(list, touched)).isTrue();
    refused(list, hardwareSignature(pair, type, blob, (byte) 0), "nobody touched the hardware key");
  }

  private static byte[] hardwareSignature(KeyPair pair, String type, byte[] blob, byte flags)
      throws Exception {
    byte[] flagsAndCounter = ByteBuffer.allocate(5).put(flags).putInt(7).array();
    byte[] signed = new SshSignature(blob, NAMESPACE, "sha512", new byte[0]).signedBytes(MESSAGE);
    Signature signature = Signature.getInstance("Ed25519");
    signature.initSign(pair.getPrivate());
    signature.update(Digests.of("SHA-256", "ssh:".getBytes(UTF_8)));
    signature.update(flagsAndCounter);
    signature.update(Digests.of("SHA-256", signed));
    byte[] inner =
        new WireWriter()
            .string(type.getBytes(UTF_8))
            .string(signature.sign())
            .raw(flagsAndCounter)
            .bytes();
    byte[] whole =
        new WireWriter()
            .raw("SSHSIG".getBytes(UTF_8))
            .uint32(1)
            .string(blob)
            .string(NAMESPACE.getBytes(UTF_8))
            .string(new byte[0])
            .string("sha512".getBytes(UTF_8))
            .string(inner)
            .bytes();
    String body = Base64.getMimeEncoder(70, "\n".getBytes(UTF_8)).encodeToString(whole);
    return ("-----BEGIN SSH SIGNATURE-----\n" + body + "\n-----END SSH SIGNATURE-----\n")
        .getBytes(UTF_8);
  }

  private boolean verifiedBySshKeygen(String list, byte[] signature) throws Exception {
    Path signers = Files.writeString(folder.resolve("allowed_signers"), list);
    Path sig = Files.write(folder.resolve("given.sig"), signature);
    String command =
        "ssh-keygen -Y verify -f %s -I ops -n %s -s %s < %s"
            .formatted(signers, NAMESPACE, sig, file);
    return Tool.run("sh", "-c", command).status() == 0;
  }

  private static String validity() {
    return "20261125000000:20261201000000";
  }

  private static AllowedSigners signers(String list) throws SignatureRefusal {
    return AllowedSigners.parse("signers", list.getBytes(UTF_8));
  }

  private static AllowedSigners.Signer verify(String list, byte[] signature)
      throws SignatureRefusal {
    return signers(list).verify(MESSAGE, signature, NAMESPACE, NOW);
  }

  private static void refused(String list, byte[] signature, String message) {
    assertThatThrownBy(() -> verify(list, signature))
        .isInstanceOf(SignatureRefusal.class)
        .hasMessageContaining(message);
  }

  private static void refusedBy(AllowedSigners signers, byte[] signature, String message) {
    assertThatThrownBy(() -> signers.verify(MESSAGE, signature, NAMESPACE, NOW))
        .isInstanceOf(SignatureRefusal.class)
        .hasMessageContaining(message);
  }
}
