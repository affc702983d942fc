# Two stages: a toolchain that builds, and a small image with one binary.
#
#   docker build -t scimd .
#   docker run --rm -p 127.0.0.1:8080:8080 -v scimd:/data -e SCIMD_INSECURE_PLAIN_HTTP=true scimd
#
# With TLS of its own: -e SCIMD_TLS_CERTIFICATE=/tls/tls.pem -e SCIMD_TLS_KEY=/tls/tls.key, and a volume of them
# Behind a TLS proxy name the public address instead: -e SCIMD_PUBLIC_URL=https://scim.example.com
# Hardened: --read-only --cap-drop ALL --security-opt no-new-privileges

FROM swift:6.3.1-bookworm AS build
WORKDIR /build
COPY Package.swift ./
COPY Sources ./Sources
COPY Tests ./Tests
RUN swift build --configuration release --static-swift-stdlib --product scimd \
 && install -D "$(swift build --configuration release --static-swift-stdlib --show-bin-path)/scimd" /out/scimd \
 && strip /out/scimd \
 && /out/scimd version \
 && install -d -m 0700 -o 65532 -g 65532 /out/data

# This image has libssl3 and the certificates of the public authorities, which TLS needs.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /out/scimd /usr/bin/scimd
COPY --from=build --chown=65532:65532 /out/data /data
ENV SCIMD_DATA=/data SCIMD_LISTEN=0.0.0.0:8080
USER 65532:65532
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["/usr/bin/scimd", "health"]
ENTRYPOINT ["/usr/bin/scimd"]
CMD ["serve"]
