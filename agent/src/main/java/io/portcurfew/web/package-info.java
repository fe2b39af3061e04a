/** The HTTP server: metrics, health and a landing page. */
@NullMarked
package io.portcurfew.web;

import org.jspecify.annotations.NullMarked;
