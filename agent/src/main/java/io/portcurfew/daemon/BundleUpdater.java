package io.portcurfew.daemon;

import io.portcurfew.bundle.AcceptedRevision;
import io.portcurfew.bundle.BundleAcceptance;
import io.portcurfew.bundle.BundleRefusal;
import io.portcurfew.bundle.SignedBundle;
import io.portcurfew.bundle.copy.BundleCopy;
import io.portcurfew.config.ActiveBundle;
import io.portcurfew.config.LoadedConfig;
import io.portcurfew.config.PolicySetting.BundleSource;
import io.portcurfew.config.files.FileErrorText;
import io.portcurfew.config.policy.BundledPolicy;
import io.portcurfew.config.policy.PolicyFiles.ReadPolicy;
import io.portcurfew.fetch.BundleFetcher;
import io.portcurfew.fetch.FetchFailure;
import io.portcurfew.fetch.FetchedBundle;
import io.portcurfew.metrics.BundleOutcome;
import io.portcurfew.metrics.Metrics;
import io.portcurfew.scan.ActiveConfig;
import io.portcurfew.scan.CanaryCheck;
import io.portcurfew.scan.ExecutablePaths;
import io.portcurfew.scan.Scan;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for a new policy bundle and accepts it: verified, tested, and held back if it would raise
 * too many alerts. An accepted bundle is copied into the state folder, from which a reload reads
 * it.
 */
final class BundleUpdater {

  private static final Logger LOG = LoggerFactory.getLogger(BundleUpdater.class);

  /** Failures in a row before there is a finding: the server may be restarting. */
  private static final int FAILURES = 3;

  /** The archive and its signature are two files on the server, which change one by one. */
  static final Duration RETRY = Duration.ofSeconds(2);

  /** Attempts to fetch the first bundle: the network may come up half a minute after the agent. */
  private static final int FIRST_ATTEMPTS = 14;

  private final Scan scan;
  private final Metrics metrics;
  private final Runnable reload;
  private final Duration retry;
  private @Nullable BundleSource known;
  private @Nullable String etag;
  private int failures;

  /**
   * @param reload reads the config and the copy of the bundle again, soon
   * @param retry the pause before a bundle whose signature does not fit, or a first bundle that
   *     could not be fetched, is fetched again
   */
  BundleUpdater(Scan scan, Metrics metrics, Runnable reload, Duration retry) {
    this.scan = scan;
    this.metrics = metrics;
    this.reload = reload;
    this.retry = retry;
  }

  /** Looks once, if the config names a bundle. One call at a time. */
  void run(Instant now) throws InterruptedException {
    ActiveConfig active = scan.active();
    if (!(active.config().policy() instanceof BundleSource source)) {
      scan.bundleProblem(null);
      return;
    }
    if (!source.equals(known)) {
      known = source;
      etag = null;
      failures = 0;
    }
    try {
      BundleOutcome outcome = update(source, active, now);
      failures = 0;
      scan.bundleProblem(null);
      metrics.bundleFetched(outcome, now);
    } catch (BundleRefusal e) {
      failures = 0;
      report(BundleOutcome.REFUSED, e.reason(), now);
    } catch (Held e) {
      failures = 0;
      report(BundleOutcome.HELD, String.valueOf(e.getMessage()), now);
    } catch (FetchFailure e) {
      failed(active, e.reason(), now);
    } catch (IOException e) {
      failed(active, "cannot write the copy of the bundle: " + FileErrorText.reason(e), now);
    }
  }

  /** The revision would raise too many new alerts. */
  private static final class Held extends Exception {
    private static final long serialVersionUID = 1L;

    Held(String message) {
      super(message);
    }
  }

  private void failed(ActiveConfig active, String why, Instant now) {
    failures++;
    metrics.bundleFetched(BundleOutcome.FAILED, now);
    LOG.warn("cannot fetch the policy bundle: {}", why);
    if (isFirst(active)) {
      scan.bundleProblem(ActiveBundle.AWAITED + ": " + why);
    } else if (failures >= FAILURES) {
      scan.bundleProblem("it could not be fetched " + FAILURES + " times in a row: " + why);
    }
  }

  private void report(BundleOutcome outcome, String why, Instant now) {
    etag = null;
    metrics.bundleFetched(outcome, now);
    LOG.warn("the policy bundle is not accepted: {}", why);
    scan.bundleProblem(why);
  }

  private BundleOutcome update(BundleSource source, ActiveConfig active, Instant now)
      throws FetchFailure, BundleRefusal, IOException, InterruptedException, Held {
    Optional<FetchedBundle> fetched = fetch(source, active);
    if (fetched.isEmpty()) {
      return BundleOutcome.UNCHANGED;
    }
    FetchedBundle bundle = fetched.get();
    SignedBundle signed;
    try {
      signed = bundle.verify(source.signers(), now);
    } catch (BundleRefusal maybeBetweenTwoVersions) {
      Thread.sleep(retry.toMillis());
      bundle = BundleFetcher.fetch(source, null).orElse(bundle);
      signed = bundle.verify(source.signers(), now);
    }
    accept(source, active, bundle, signed, now);
    etag = bundle.etag();
    return isActive(active, signed) ? BundleOutcome.UNCHANGED : BundleOutcome.ACTIVATED;
  }

  /** The first look of a host without any bundle tries again soon, while its config is the same. */
  private Optional<FetchedBundle> fetch(BundleSource source, ActiveConfig active)
      throws FetchFailure, BundleRefusal, InterruptedException {
    int attempts = failures == 0 && isFirst(active) ? FIRST_ATTEMPTS : 1;
    while (true) {
      try {
        return BundleFetcher.fetch(source, etag);
      } catch (FetchFailure e) {
        attempts--;
        if (attempts == 0 || !source.equals(scan.active().config().policy())) {
          throw e;
        }
        Thread.sleep(retry.toMillis());
      }
    }
  }

  private static boolean isFirst(ActiveConfig active) {
    return active.loaded().bundle() != null && active.loaded().bundle().isAwaited();
  }

  private static boolean isActive(ActiveConfig active, SignedBundle signed) {
    return active.loaded().bundle() != null
        && signed.digest().equals(active.loaded().bundle().digest())
        && active.loaded().bundleProblem() == null;
  }

  private void accept(
      BundleSource source,
      ActiveConfig active,
      FetchedBundle fetched,
      SignedBundle signed,
      Instant now)
      throws BundleRefusal, IOException, Held {
    BundleCopy copy = new BundleCopy(active.config().state());
    AcceptedRevision before = copy.accepted(source.signers()).orElse(null);
    new BundleAcceptance(scan.host(), source.labels(), before).check(signed, now);
    if (isCopied(copy, source, signed)) {
      return;
    }
    if (!isActive(active, signed)) {
      hold(source, active, signed, BundledPolicy.test(signed.bundle()));
    }
    copy.write(signed.manifest(), fetched.archive(), fetched.signature(), now);
    LOG.info(
        "accepted revision {} of the policy bundle, signed by {}",
        signed.manifest().revision(),
        signed.signer());
    reload.run();
  }

  /** True if the copy is this bundle with a good signature: a reload takes it when it can. */
  private static boolean isCopied(BundleCopy copy, BundleSource source, SignedBundle signed)
      throws IOException {
    try {
      return copy.read(source.signers())
          .filter(read -> read.digest().equals(signed.digest()))
          .isPresent();
    } catch (BundleRefusal signatureIsNotGoodNow) {
      return false;
    }
  }

  /** Holds a revision that would raise more new alerts than the config allows. */
  private void hold(
      BundleSource source, ActiveConfig active, SignedBundle signed, ReadPolicy policy)
      throws Held {
    Scan.Result last = scan.last();
    Integer most = source.canary();
    if (most == null || last == null || active.loaded().digestOfBundle() == null) {
      return;
    }
    LoadedConfig next =
        new LoadedConfig(
                active.config(), policy.policy(), policy.origin(), active.loaded().access())
            .following(ExecutablePaths.of(policy.policy().paths()));
    Optional<String> reason =
        CanaryCheck.heldBack(
            signed.manifest().revision(),
            most,
            last.judged().judgement().findings(),
            ActiveConfig.of(next).judge(last.judged().snapshot(), last.compared()).findings());
    if (reason.isPresent()) {
      throw new Held(reason.get());
    }
  }
}
