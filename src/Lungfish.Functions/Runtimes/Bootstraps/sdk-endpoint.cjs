'use strict';
// Sends the AWS SDK for JavaScript v2, which does not know AWS_ENDPOINT_URL, to the endpoint that it names.
// Nothing is loaded on behalf of a function that does not use it: the change is made when its core module is loaded.

const Module = require('module');
const path = require('path');

const core = path.join('aws-sdk', 'lib', 'core.js');

exports.install = () => {
  const endpoint = process.env.AWS_ENDPOINT_URL;
  if (!endpoint) return;
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, filename) {
    const result = compile.apply(this, arguments);
    if (filename.endsWith(core)) {
      Module.prototype._compile = compile; // Once is enough.
      // An endpoint that the function gives to a client wins over this one.
      this.exports.config.update({ endpoint, region: process.env.AWS_REGION, s3ForcePathStyle: true });
    }
    return result;
  };
};
