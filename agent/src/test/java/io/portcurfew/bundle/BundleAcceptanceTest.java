package io.portcurfew.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.portcurfew.bundle.signature.AllowedSigners;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BundleAcceptanceTest {

  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
  private static final BundleAcceptance FIRST =
      new BundleAcceptance("Web-1.example.org", Map.of("role", "web", "site", "berlin"), null);

  @Test
  void firstBundle_isAccepted() {
    assertThatCode(() -> FIRST.check(revision(7), NOW)).doesNotThrowAnyException();
  }

  @Test
  void lowerRevision_isRefused() {
    assertThatThrownBy(() -> after(8, "digest").check(revision(7), NOW))
        .hasMessage("revision 7 is older than revision 8, which was accepted before");
  }

  @Test
  void sameRevision_isAcceptedOnlyUnchanged() throws Exception {
    assertThatThrownBy(() -> after(7, "digest").check(revision(7), NOW))
        .hasMessage("revision 7 was accepted before with another content");
    after(7, revision(7).digest()).check(revision(7), NOW);
    after(7, null).check(revision(7), NOW);
  }

  @Test
  void bundleOfAnotherTime_isRefused() throws Exception {
    SignedBundle later = signed(BundleFixture.between(NOW.plusSeconds(1), NOW.plusSeconds(9)));
    assertThatThrownBy(() -> FIRST.check(later, NOW))
        .hasMessage("revision 1 is not valid before 2026-11-26T12:00:01Z");
    FIRST.check(later, NOW.plusSeconds(1));
    assertThatThrownBy(() -> FIRST.check(later, NOW.plusSeconds(9)))
        .hasMessage("revision 1 expired at 2026-11-26T12:00:09Z");
  }

  @Test
  void bundleForOtherHosts_isRefused() throws Exception {
    assertThatThrownBy(() -> FIRST.check(appliesTo("db-*", "role=db", "rack=*"), NOW))
        .hasMessage(
            "revision 1 does not apply to this host, Web-1.example.org, but to db-*, role=db,"
                + " rack=*");
    FIRST.check(appliesTo("db-*", "web-?.example.org"), NOW);
    FIRST.check(appliesTo("role=w*"), NOW);
    assertThat(appliesTo("x=*").manifest().appliesTo("h", Map.of())).isFalse();
  }

  private static BundleAcceptance after(long revision, @Nullable String digest) {
    return new BundleAcceptance(
        FIRST.host(), FIRST.labels(), new AcceptedRevision(revision, digest));
  }

  private static SignedBundle revision(long revision) throws BundleRefusal {
    return signed(BundleFixture.of(revision, BundleFixture.POLICY));
  }

  private static SignedBundle appliesTo(String... patterns) throws BundleRefusal {
    return signed(
        BundleFixture.of(
            new PolicyBundle.Release(1, null, null, List.of(patterns)), BundleFixture.POLICY));
  }

  private static SignedBundle signed(PolicyBundle bundle) throws BundleRefusal {
    return new SignedBundle(
        bundle,
        new AllowedSigners.Signer("ops", "SHA256:x"),
        PolicyBundle.sha256(bundle.archive()));
  }
}
