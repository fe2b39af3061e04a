/** The HTTP server: metrics, health, the status page and its JSON. */
@NullMarked
package io.portcurfew.web;

import org.jspecify.annotations.NullMarked;
