/**
 * What the bundles hold in place of packages that their libraries import and these functions never reach (bundle.ts lists them).
 * A library that begins to import more of one stops the bundling; one that begins to use it throws here.
 */
function leftOut(): never {
  throw new Error('this package is left out of the bundles: see infra/aws/bundle.ts');
}

export { leftOut as defaultProvider, leftOut as EventStreamSerde, leftOut as eventStreamSerdeProvider };
