"""What is read in a browser or in JupyterLab: evidence, the reader, the site, notebooks."""
