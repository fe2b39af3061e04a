package io.portcurfew.notify;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

  @Test
  void bucketFillsUpDuringARest() {
    TokenBucket bucket = new TokenBucket(RateLimit.USUAL, Duration.ZERO);
    for (int i = 0; i < 10; i++) {
      bucket.take(Duration.ofSeconds(3));
    }
    assertThat(bucket.waitTime(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(8));
    assertThat(bucket.waitTime(Duration.ofSeconds(13))).isZero();
    bucket.take(Duration.ofSeconds(13));
    assertThat(bucket.waitTime(Duration.ofSeconds(13))).isEqualTo(Duration.ofSeconds(10));
    for (int i = 0; i < 10; i++) {
      bucket.take(Duration.ofSeconds(1000));
    }
    assertThat(bucket.waitTime(Duration.ofSeconds(1000))).isPositive();
  }
}
