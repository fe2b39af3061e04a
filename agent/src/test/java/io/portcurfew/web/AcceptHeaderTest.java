package io.portcurfew.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptHeaderTest {

  /** The long ones are what Prometheus 2.42 and 3 and a browser send. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/openmetrics-text | true",
        "application/openmetrics-text; version=1.0.0; charset=utf-8 | true",
        "Application/OpenMetrics-Text;version=1.0.0 | true",
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
            + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1 | true",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
            + "application/openmetrics-text;version=0.0.1;q=0.4,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,"
            + "*/*;q=0.1 | true",
        "text/plain, application/openmetrics-text;q=0.5 | false",
        "application/openmetrics-text;version=2.0.0 | false",
        "application/openmetrics-text;version=2.0.0, application/openmetrics-text;version=1.0.0 | true",
        "application/openmetrics-text;q=0 | false",
        "application/openmetrics-text;q=0.0 | false",
        "application/openmetrics-textual | false",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited | false",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | false",
        "*/* | false",
        "'' | false",
        "q=q=;;;,,,;q | false"
      })
  void openMetricsHasToBeAskedForByName(String accept, boolean openMetrics) {
    Headers headers = new Headers();
    headers.add("Accept", accept);
    assertThat(new AcceptHeader(headers).openMetrics()).isEqualTo(openMetrics);
  }

  @Test
  void withoutAWordItIsPlainText() {
    assertThat(new AcceptHeader(new Headers()).openMetrics()).isFalse();
    assertThat(new AcceptHeader(new Headers()).gzip()).isFalse();
  }

  @Test
  void aListMayBeSpreadOverSeveralLines() {
    Headers headers = new Headers();
    headers.put("Accept", List.of("text/html", "application/openmetrics-text"));
    assertThat(new AcceptHeader(headers).openMetrics()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gzip | true",
        "deflate, GZIP;q=0.5 | true",
        "gzip;q=0 | false",
        "gzip; q=0.000 | false",
        "identity | false",
        "xgzip | false"
      })
  void gzipHasToBeAskedFor(String accept, boolean gzip) {
    Headers headers = new Headers();
    headers.add("Accept-Encoding", accept);
    assertThat(new AcceptHeader(headers).gzip()).isEqualTo(gzip);
  }
}
